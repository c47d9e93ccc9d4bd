"""Sets that were refused, confirmed, shortened or added to: what opens them again."""

from typing import Any

import pytest
from support.killer import Killed, Killer
from support.world import HOUR, World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"
JULY = FOLDER + "replace/july/"
RAW = b"jane@example.com\n"


@pytest.fixture
def s(w: World) -> World:
    """Make a stack with an audience of a hundred ids, where any set may shrink it."""
    w.replace_minimum_percent = 0
    w.app = w.new_app()
    w.sim.set_options(processing_seconds=0.0)
    w.sim.seed(name="foodies", ids=hashes(0, 100))
    return w


def write_set(w: World, folder: str, start: int, parts: int = 3, rows: int = 5) -> set[str]:
    """Write a set's parts, then have the message of the last one come."""
    for n in range(parts):
        w.write(f"{folder}{n}.csv", hashes(start + n * rows, rows))
    message_for(w, f"{folder}{parts - 1}.csv")
    return set(hashes(start, parts * rows))


def message_for(w: World, key: str, **extra: object) -> None:
    stored = w.s3.objects[key]
    w.sqs.send(event_body(key, stored.etag, len(stored.body), **extra))


def statuses(w: World, folder: str) -> list[str]:
    keys = sorted(k for k in w.s3.objects if k.startswith(folder) and "_CONFIRMED" not in k)
    found: list[Any] = [w.receipt(key) for key in keys]
    return [receipt["status"] if receipt else "none" for receipt in found]


@pytest.mark.parametrize("first", ["0-bad.csv", "9-bad.csv"])
def test_set_whose_bad_part_was_deleted_goes_out_when_its_dead_letter_is_redriven(
    s: World, first: str
) -> None:
    s.drop(JUNE + first, RAW)
    s.run()
    ids = write_set(s, JUNE, 500)
    s.run()
    assert set(s.reasons()) == {"set_incomplete"}
    s.sqs.dead[:] = s.sqs.dead[:1]  # the bad part's own
    s.advance(60)

    s.s3.objects.pop(JUNE + first)
    s.redrive()
    s.run()

    assert s.ids("foodies") == [ids]
    assert statuses(s, JUNE) == ["delivered"] * 3
    assert not s.sqs.dead


def test_late_bad_part_that_an_appends_message_met_opens_the_set_again_when_redriven(
    s: World,
) -> None:
    ids = write_set(s, JUNE, 500)
    s.run()
    s.advance(60)
    s.write(JUNE + "bad.csv", RAW)
    s.receive(s.drop(FOLDER + "more.csv", hashes(900, 5)))
    assert s.reasons() == ["set_incomplete"]
    s.advance(60)

    s.s3.store(JUNE + "bad.csv", "".join(f"{i}\n" for i in hashes(515, 5)).encode())
    s.redrive()
    s.run()

    assert s.ids("foodies")[0] >= {*ids, *hashes(515, 5)}
    assert statuses(s, JUNE) == ["delivered"] * 4
    assert not s.sqs.dead


def test_confirmation_counts_for_a_set_of_which_some_parts_were_delivered_before(
    s: World,
) -> None:
    write_set(s, JUNE, 500, rows=40)
    s.run()
    s.replace_minimum_percent = 50
    s.app = s.new_app()
    s.advance(60)
    s.write(JUNE + "1.csv", hashes(700, 1))
    s.drop(JUNE + "2.csv", hashes(710, 1))
    s.run()
    assert s.reasons() == ["shrinks_too_much"]
    s.advance(60)

    s.drop(JUNE + "_CONFIRMED", b"")
    s.run()

    assert s.ids("foodies") == [{*hashes(500, 40), *hashes(700, 1), *hashes(710, 1)}]
    assert statuses(s, JUNE) == ["delivered"] * 3


def test_part_overwritten_by_an_empty_object_has_the_folder_sent_without_its_rows(
    s: World,
) -> None:
    write_set(s, JUNE, 500)
    s.run()
    s.advance(60)

    s.drop(JUNE + "1.csv", b"")
    s.run()

    assert s.ids("foodies") == [{*hashes(500, 5), *hashes(510, 5)}]
    assert not s.sqs.dead


def test_set_of_empty_objects_alone_is_skipped_and_changes_nothing(s: World) -> None:
    for n in range(2):
        s.drop(f"{JUNE}{n}.csv", b"")
    s.run()

    assert s.ids("foodies") == [set(hashes(0, 100))]
    assert statuses(s, JUNE) == ["skipped"] * 2
    assert not s.sqs.dead


def test_append_written_after_a_set_is_still_in_when_a_late_part_has_it_sent_again(
    s: World,
) -> None:
    ids = write_set(s, JUNE, 500)
    s.run()
    s.advance(60)
    s.receive(s.drop(FOLDER + "more.csv", hashes(900, 5)))
    s.advance(60)

    s.drop(JUNE + "late.csv", hashes(515, 5))
    s.run()

    assert s.ids("foodies") == [{*ids, *hashes(515, 5), *hashes(900, 5)}]
    more: Any = s.receipt(FOLDER + "more.csv")
    assert more["status"] == "delivered"
    assert not s.sqs.messages


def audience_of_another_type(w: World) -> None:
    w.sim.seed(name="others", calculate_type="PHONE_SHA256")


def two_audiences(w: World) -> None:
    w.sim.seed(name="others")
    w.sim.seed(name="others")


def too_small(w: World) -> None:
    w.sim.set_options(floor=1000)
    w.receive(w.drop("tiktok/others/email_sha256/a.csv", hashes(0, 5)))
    w.advance(49 * HOUR)
    w.sweep()


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (audience_of_another_type, "other_id_type"),
        (two_audiences, "several_audiences"),
        (too_small, "too_small"),
    ],
)
def test_set_for_an_audience_that_must_not_be_changed_has_one_dead_letter_and_a_receipt_a_part(
    s: World, before: Any, reason: str
) -> None:
    before(s)
    folder = "tiktok/others/email_sha256/replace/june/"
    for n in range(3):
        s.drop(f"{folder}{n}.csv", hashes(500 + n * 5, 5))
    s.run()

    assert s.reasons() == [reason]
    assert statuses(s, folder) == ["rejected"] * 3
    for _ in range(2):
        s.redrive()
        s.run()
        assert s.reasons() == [reason]
        assert statuses(s, folder) == ["rejected"] * 3


def test_late_part_of_a_set_that_was_replaced_since_is_superseded_alone(s: World) -> None:
    write_set(s, JUNE, 500)
    s.run()
    s.advance(60)
    july = write_set(s, JULY, 600)
    s.run()
    s.advance(49 * HOUR)
    s.sweep()

    s.drop(JUNE + "late.csv", hashes(515, 5))
    s.run()

    assert s.ids("foodies") == [july]
    assert statuses(s, JUNE) == ["delivered"] * 3 + ["superseded"]
    late: Any = s.receipt(JUNE + "late.csv")
    assert late["superseded_by"] == "july"


def test_late_part_of_a_set_older_than_a_removal_is_refused_alone_and_opens_when_all_are_copied(
    s: World,
) -> None:
    write_set(s, JUNE, 500)
    s.run()
    s.advance(60)
    s.receive(s.drop(FOLDER + "remove/out.csv", hashes(500, 2)))
    s.advance(60)

    s.drop(JUNE + "late.csv", hashes(515, 5))
    s.run()

    assert s.reasons() == ["older_than_removal"]
    assert statuses(s, JUNE) == ["delivered"] * 3 + ["rejected"]
    assert "all files of the set" in s.sqs.dead[0].attributes["ErrorMessage"]
    s.sqs.dead.clear()
    s.advance(60)
    for n in range(3):
        s.write(f"{JUNE}{n}.csv", hashes(500 + n * 5, 5))
    s.drop(JUNE + "late.csv", hashes(515, 5))
    s.run()
    assert s.ids("foodies") == [set(hashes(500, 20))]


@pytest.mark.parametrize(
    "folder",
    [
        "tiktok/foodies/EMAIL_sha256/REPLACE/june/",
        "tiktok/foodies/email_sha256/Replace/a+b %25&ü # 100%/",
        "tiktok/foodies/email_sha256/replace/date=2027-01-15/run/0/",
        "tiktok/foodies/email_sha256/replace/email_sha256/",
    ],
)
def test_set_of_any_name_and_spelling_is_sent_as_one_and_confirmed_by_its_own_folder(
    s: World, folder: str
) -> None:
    name = folder.split("/")[4]
    first = write_set(s, folder, 500, rows=40)
    s.run()
    assert s.ids("foodies") == [first]
    receipt: Any = s.receipt(folder + "0.csv")
    assert (receipt["action"], receipt["set"]) == ("replace", name)
    s.replace_minimum_percent = 50
    s.app = s.new_app()
    s.advance(60)
    ids = write_set(s, folder, 700)
    s.run()
    assert s.reasons() == ["shrinks_too_much"]
    s.advance(60)

    s.drop("/".join(folder.split("/")[:5]) + "/_CONFIRMED", b"")
    s.run()

    assert s.ids("foodies") == [ids]


def test_parts_that_were_deleted_before_the_set_is_sent_are_not_in_it(s: World) -> None:
    for n in range(3):
        s.drop(f"{JUNE}{n}.csv", hashes(500 + n * 5, 5))
    s.s3.objects.pop(JUNE + "1.csv")

    s.run()

    assert s.ids("foodies") == [{*hashes(500, 5), *hashes(510, 5)}]
    assert not s.sqs.messages
    assert not s.sqs.dead


def test_part_that_is_deleted_while_the_set_is_read_is_not_in_it(s: World) -> None:
    def vanish(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "1.csv":
            s.s3.objects.pop(JUNE + "1.csv", None)

    for n in range(3):
        s.drop(f"{JUNE}{n}.csv", hashes(500 + n * 5, 5))
    s.s3.before = vanish

    s.run()

    assert s.ids("foodies") == [{*hashes(500, 5), *hashes(510, 5)}]
    assert not s.sqs.messages


def test_part_of_a_set_in_the_same_audience_and_another_format_spelling_is_one_set(
    s: World,
) -> None:
    s.write("tiktok/foodies/email_sha256/replace/june/0.csv", hashes(500, 5))
    s.drop("tiktok/foodies/Email_SHA256/replace/june/1.csv", hashes(505, 5))

    s.run()

    assert s.ids("foodies") == [set(hashes(500, 10))]


def test_replay_of_one_part_has_the_whole_set_sent_again(s: World) -> None:
    ids = write_set(s, JUNE, 500)
    s.run()
    s.advance(60)

    message_for(s, JUNE + "1.csv", **{"replay-name": "again"})
    s.run()

    assert s.ids("foodies") == [ids]
    taken: list[Any] = [c["details"] for c in s.sim.calls("update") if c["code"] == 0]
    assert [d["action"] for d in taken] == ["REPLACE", "REPLACE"]


@pytest.mark.parametrize("after", [False, True], ids=["before a call", "after a change"])
def test_function_that_dies_while_a_late_part_is_sent_loses_no_append_that_came_after_the_set(
    s: World, after: bool
) -> None:
    for at in range(40):
        name = f"tiktok/audience-{at}/email_sha256/"
        for key, start in (("replace/june/0.csv", 0), ("more.csv", 10), ("replace/june/1.csv", 20)):
            s.advance(60)
            s.drop(name + key, hashes(start, 5))
            if not key.endswith("1.csv"):
                s.run()
        Killer(s, at=at, after=after)
        try:
            s.run()
            break
        except Killed:
            s.app = s.new_app()
        finally:
            Killer(s)
        s.run()
        s.advance(2 * HOUR)
        s.sweep()
        s.run()
        found = s.ids(f"audience-{at}")
        assert found == [{*hashes(0, 5), *hashes(10, 5), *hashes(20, 5)}], f"killed at call {at}"
    assert at > (8 if after else 20)
