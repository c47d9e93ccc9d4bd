"""What a set supersedes, what comes back when it fails later, and the guard against shrinking."""

from typing import Any

import pytest
from support.world import HOUR, World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"
JULY = FOLDER + "replace/july/"
OLD = FOLDER + "old.csv"
OUT = FOLDER + "remove/out.csv"
REFUSED: dict[str, object] = {"kind": "code", "value": 40006, "times": 1, "endpoint": "update"}


@pytest.fixture
def s(w: World) -> World:
    """Make a stack whose audience holds a hundred ids, and where any set may shrink it."""
    w.replace_minimum_percent = 0
    w.app = w.new_app()
    w.sim.seed(name="foodies", ids=hashes(0, 100))
    return w


def guarded(w: World) -> None:
    w.replace_minimum_percent = 50
    w.app = w.new_app()


def drop_set(w: World, folder: str, start: int, rows: int = 15) -> set[str]:
    """Drop a set of three parts; return its ids."""
    for n in range(3):
        w.drop(f"{folder}{n}.csv", hashes(start + n * (rows // 3), rows // 3))
    return set(hashes(start, rows))


def later(w: World, hours: float) -> None:
    """Let time pass, with a sweep and all messages at the end of it."""
    w.run(hours=hours)
    w.advance(hours * HOUR)
    w.sweep()
    w.run(hours=4)


def status(w: World, key: str) -> str:
    receipt: Any = w.receipt(key)
    return str(receipt["status"]) if receipt else "none"


def late_message(w: World, key: str) -> None:
    stored = w.s3.objects[key]
    w.sqs.send(event_body(key, stored.etag, len(stored.body)))


def refused_before_the_set(w: World, key: str) -> None:
    """Drop a file that is refused once, and is redriven only after the set."""
    w.sim.faults.add(REFUSED)
    w.receive(w.drop(key, hashes(700, 5)))
    assert w.reasons() == ["tiktok_refused"]
    w.advance(60)


@pytest.mark.parametrize("key", [OLD, OUT], ids=["append", "removal"])
def test_drop_written_before_the_last_set_is_superseded_once_the_set_is_applied(
    s: World, key: str
) -> None:
    refused_before_the_set(s, key)
    ids = drop_set(s, JUNE, 500)
    s.run()
    s.redrive()
    s.run(hours=12)
    assert status(s, key) == "none"
    assert s.note(key)["waits_for"] == "superseding"  # type: ignore[index]

    later(s, 48)

    receipt: Any = s.receipt(key)
    assert (receipt["status"], receipt["superseded_by"]) == ("superseded", "june")
    assert s.ids("foodies") == [ids]
    assert not s.sqs.messages
    assert not s.sqs.dead


def test_older_set_is_superseded_by_a_newer_one_that_was_written_before_it_was_sent(
    s: World,
) -> None:
    drop_set(s, JUNE, 500)
    s.advance(5)
    ids = drop_set(s, JULY, 600)

    s.run()
    later(s, 48)

    assert s.ids("foodies") == [ids]
    assert [status(s, f"{JUNE}{n}.csv") for n in range(3)] == ["superseded"] * 3
    assert [status(s, f"{JULY}{n}.csv") for n in range(3)] == ["delivered"] * 3
    updates = [c for c in s.sim.calls("update") if c["code"] == 0]
    assert len(updates) == 1


def test_time_of_a_set_is_that_of_its_oldest_object(s: World) -> None:
    s.sim.set_options(processing_seconds=0.0)
    s.write(JUNE + "0.csv", hashes(500, 5))
    s.advance(10)
    s.write(FOLDER + "between.csv", hashes(900, 5))
    s.advance(10)
    s.drop(JUNE + "1.csv", hashes(505, 5))
    s.run()
    late_message(s, FOLDER + "between.csv")

    s.run()

    assert status(s, FOLDER + "between.csv") == "delivered"
    assert s.ids("foodies") == [{*hashes(500, 10), *hashes(900, 5)}]


def test_set_that_failed_later_gives_back_what_it_overtook(s: World) -> None:
    refused_before_the_set(s, OLD)
    s.sim.faults.add({"kind": "fails_later", "message": "Matching failed.", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    drop_set(s, JUNE, 500)
    s.run()
    s.redrive()
    s.run(hours=12)

    later(s, 48)
    later(s, 12)

    assert status(s, OLD) == "delivered"
    assert s.ids("foodies") == [{*hashes(0, 100), *hashes(700, 5)}]
    assert s.reasons() == ["tiktok_failed"]
    assert [status(s, f"{JUNE}{n}.csv") for n in range(3)] == ["rejected"] * 3


def test_older_set_is_sent_after_the_newer_one_failed_later(s: World) -> None:
    s.sim.faults.add({"kind": "fails_later", "message": "Matching failed.", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    june = drop_set(s, JUNE, 500)
    s.advance(5)
    drop_set(s, JULY, 600)
    s.run(hours=12)

    later(s, 48)
    later(s, 12)

    assert s.ids("foodies") == [june]
    assert [status(s, f"{JUNE}{n}.csv") for n in range(3)] == ["delivered"] * 3
    assert s.reasons() == ["tiktok_failed"]


def test_failed_set_is_sent_again_whole_when_it_is_redriven(s: World) -> None:
    s.sim.faults.add({"kind": "fails_later", "message": "Matching failed.", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    ids = drop_set(s, JUNE, 500)
    s.run()
    later(s, 49)
    assert s.reasons() == ["tiktok_failed"]

    s.redrive()
    s.run()
    later(s, 49)

    assert s.ids("foodies") == [ids]
    assert [status(s, f"{JUNE}{n}.csv") for n in range(3)] == ["delivered"] * 3
    assert not s.sqs.dead


def test_append_written_after_the_set_is_added_to_it(s: World) -> None:
    ids = drop_set(s, JUNE, 500)
    s.advance(1)
    s.drop(FOLDER + "new.csv", hashes(900, 5))

    s.run()
    later(s, 49)

    assert s.ids("foodies") == [{*ids, *hashes(900, 5)}]
    assert status(s, FOLDER + "new.csv") == "delivered"


def test_set_written_before_the_newest_removal_is_refused_so_that_opt_outs_stay_out(
    s: World,
) -> None:
    s.sim.faults.add(REFUSED)
    s.drop(JUNE + "0.csv", hashes(500, 5))
    s.run()
    s.sqs.dead.clear()
    s.advance(60)
    s.receive(s.drop(OUT, hashes(0, 2)))
    s.advance(60)

    late_message(s, JUNE + "0.csv")
    s.run()

    assert s.reasons() == ["older_than_removal"]
    assert status(s, JUNE + "0.csv") == "rejected"
    assert s.ids("foodies") == [set(hashes(2, 98))]


def test_outcome_of_a_set_is_told_in_the_receipt_of_each_part(s: World) -> None:
    drop_set(s, JUNE, 500)
    s.run()

    later(s, 49)

    receipts: list[Any] = [s.receipt(f"{JUNE}{n}.csv") for n in range(3)]
    assert [r["outcome"]["state"] for r in receipts] == ["ready"] * 3


@pytest.mark.parametrize(
    ("rows", "sent"), [(51, True), (48, False), (3, False)], ids=["51 %", "48 %", "3 %"]
)
def test_set_of_less_than_half_of_the_last_one_is_held_back(
    s: World, rows: int, sent: bool
) -> None:
    s.sim.set_options(processing_seconds=0.0)
    june = drop_set(s, JUNE, 500, rows=99)
    s.run()
    guarded(s)
    s.advance(60)

    july = drop_set(s, JULY, 700, rows=rows)
    s.run()

    assert s.ids("foodies") == [july if sent else june]
    assert s.reasons() == ([] if sent else ["shrinks_too_much"])
    assert status(s, JULY + "0.csv") == ("delivered" if sent else "rejected")


def test_first_set_is_measured_against_all_rows_appended_so_far(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)
    for n in range(4):
        w.drop(f"{FOLDER}{n}.csv", hashes(n * 25, 25))
        w.run()
    w.advance(60)

    drop_set(w, JUNE, 500, rows=48)
    w.run()

    assert w.reasons() == ["shrinks_too_much"]
    text = w.sqs.dead[0].attributes["ErrorMessage"]
    assert "48 rows" in text
    assert f"{JUNE}_CONFIRMED" in text
    assert w.ids("foodies") == [set(hashes(0, 100))]


def held_back(w: World) -> set[str]:
    """Have a set held back by the guard; return its ids."""
    drop_set(w, JUNE, 500, rows=99)
    w.run()
    w.sim.set_options(processing_seconds=0.0)
    w.advance(49 * HOUR)
    guarded(w)
    ids = drop_set(w, JULY, 700, rows=9)
    w.run()
    assert w.reasons() == ["shrinks_too_much"]
    return ids


def test_routine_redrive_confirms_nothing(s: World) -> None:
    held_back(s)

    for _ in range(3):
        s.redrive()
        s.run()

        assert s.reasons() == ["shrinks_too_much"]
    assert s.ids("foodies") == [set(hashes(500, 99))]


@pytest.mark.parametrize("body", [b"", b"yes\n"], ids=["empty", "with content"])
def test_confirmation_in_the_sets_folder_has_it_sent(s: World, body: bytes) -> None:
    ids = held_back(s)
    s.advance(60)

    s.drop(JULY + "_CONFIRMED", body)
    s.run()

    assert s.ids("foodies") == [ids]
    assert [status(s, f"{JULY}{n}.csv") for n in range(3)] == ["delivered"] * 3


def test_confirmation_whose_event_is_lost_is_found_by_a_sweep(s: World) -> None:
    ids = held_back(s)
    s.sweep()
    s.advance(HOUR)
    s.write(JULY + "_CONFIRMED", b"")
    s.sweep()
    assert s.reasons() == ["shrinks_too_much"], "its event may still come"

    s.advance(HOUR)
    s.sweep()
    s.run()

    assert s.ids("foodies") == [ids]
    assert [status(s, f"{JULY}{n}.csv") for n in range(3)] == ["delivered"] * 3
    told = len(s.sqs.messages)
    s.advance(HOUR)
    s.sweep()
    assert len(s.sqs.messages) == told


def test_confirmation_of_a_set_that_is_refused_for_another_reason_is_not_swept(s: World) -> None:
    held_back(s)
    s.write(JUNE + "_CONFIRMED", b"")

    for _ in range(3):
        s.advance(HOUR)
        s.sweep()

    assert len(s.sqs.messages) == 0
    assert s.reasons() == ["shrinks_too_much"]


def test_confirmation_of_another_set_confirms_nothing(s: World) -> None:
    held_back(s)
    s.advance(60)

    s.drop(JUNE + "_CONFIRMED", b"")
    s.run()

    assert s.ids("foodies") == [set(hashes(500, 99))]
    assert s.reasons() == ["shrinks_too_much"]


def test_confirmation_that_comes_with_the_parts_counts_at_once(s: World) -> None:
    s.sim.set_options(processing_seconds=0.0)
    drop_set(s, JUNE, 500, rows=99)
    s.run()
    guarded(s)
    s.advance(60)

    s.write(JULY + "_CONFIRMED", b"")
    ids = drop_set(s, JULY, 700, rows=9)
    s.run()

    assert s.ids("foodies") == [ids]
    assert not s.sqs.dead


def test_missing_parts_that_come_after_all_have_the_set_sent_whole(s: World) -> None:
    ids = held_back(s)
    s.advance(60)

    s.drop(JULY + "rest.csv", hashes(800, 90))
    s.run()

    assert s.ids("foodies") == [{*ids, *hashes(800, 90)}]
    assert [status(s, f"{JULY}{n}.csv") for n in range(3)] == ["delivered"] * 3
