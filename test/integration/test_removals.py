"""Taking people out: exactly those, never by adding, and for good."""

import gzip
from itertools import pairwise
from typing import Any

import pytest
from support.world import HOUR, World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
APPEND = FOLDER + "june/a.csv"
REMOVE = FOLDER + "remove/out.csv"
DAY = 24 * HOUR


@pytest.fixture
def filled(w: World) -> World:
    """Make a stack whose audience holds a hundred ids."""
    w.sim.seed(name="foodies", ids=hashes(0, 100))
    return w


def replayed(w: World, key: str) -> None:
    stored = w.s3.objects[key]
    w.sqs.send(event_body(key, stored.etag, len(stored.body), **{"replay-name": "again"}))


def actions(w: World) -> list[str]:
    """Return the action of each update that TikTok took, in lower case."""
    taken: list[Any] = [c["details"] for c in w.sim.calls("update") if c["code"] == 0]
    return [details["action"].lower() for details in taken]


FILES: dict[str, bytes] = {
    "plain": "\n".join(hashes(10, 5)).encode(),
    "upper case, CRLF, byte order mark": b"\xef\xbb\xbf"
    + "\r\n".join(hashes(10, 5)).upper().encode(),
    "table": ("name,email_sha256\n" + "".join(f"x,{i}\n" for i in hashes(10, 5))).encode(),
    "gzip": gzip.compress("\n".join(hashes(10, 5)).encode(), mtime=0),
}


@pytest.mark.parametrize("body", FILES.values(), ids=FILES)
@pytest.mark.parametrize("action", ["remove", "REMOVE"])
def test_removal_takes_out_exactly_its_ids(filled: World, action: str, body: bytes) -> None:
    key = f"{FOLDER}{action}/2026/out.csv"

    assert filled.receive(filled.drop(key, body))

    assert filled.ids("foodies") == [{*hashes(0, 100)} - {*hashes(10, 5)}]
    receipt: Any = filled.receipt(key)
    assert (receipt["status"], receipt["action"], receipt["call"]) == (
        "delivered",
        "remove",
        "update",
    )
    assert actions(filled) == ["remove"]


def test_removals_that_wait_together_go_out_in_one_call(filled: World) -> None:
    for n in range(7):
        filled.drop(f"{FOLDER}remove/{n}.csv", hashes(n, 1))

    filled.run()

    assert actions(filled) == ["remove"]
    assert filled.ids("foodies") == [set(hashes(7, 93))]


@pytest.mark.parametrize(
    "folder", ["delete", "Removed", "opt-outs", "opt_out", "unsubscribes", "Suppression", "erase"]
)
def test_folder_that_means_taking_out_is_refused_with_the_word_to_use_and_nothing_added(
    filled: World, folder: str
) -> None:
    assert filled.receive(filled.drop(f"{FOLDER}{folder}/out.csv", hashes(200, 5)))

    assert filled.reasons() == ["bad_key"]
    assert "/remove/" in filled.sqs.dead[0].attributes["ErrorMessage"]
    assert not filled.called("update")


def test_file_whose_own_name_says_opt_outs_is_appended_with_a_warning(filled: World) -> None:
    key = FOLDER + "optouts.csv"

    filled.receive(filled.drop(key, hashes(200, 5)))

    receipt: Any = filled.receipt(key)
    assert receipt["action"] == "append"
    assert any("/remove/" in warning for warning in receipt["warnings"])


def test_removal_without_an_audience_is_done_after_two_searches_an_hour_apart_and_creates_none(
    w: World,
) -> None:
    message = w.drop(REMOVE, hashes(0, 5))
    began = w.now()

    assert w.come(message) == HOUR
    w.run()

    assert w.now() - began == HOUR
    receipt: Any = w.receipt(REMOVE)
    assert (receipt["status"], receipt["call"], receipt["audience_id"]) == ("delivered", None, None)
    assert any("nobody to take out" in warning for warning in receipt["warnings"])
    assert w.called("list") == ["list", "list"]
    assert set(w.called()) == {"list"}


def test_removal_waits_for_an_audience_that_the_list_shows_late(w: World) -> None:
    message = w.drop(REMOVE, hashes(0, 5))
    w.come(message)
    w.sim.seed(name="foodies", ids=hashes(0, 10))

    w.run()

    assert w.ids("foodies") == [set(hashes(5, 5))]


def test_append_that_comes_meanwhile_is_not_held_by_a_removal_without_an_audience(
    w: World,
) -> None:
    w.come(w.drop(REMOVE, hashes(0, 5)))

    assert w.receive(w.drop(APPEND, hashes(5, 5)))

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(5, 5))]


def test_removal_from_a_renamed_audience_is_dead_lettered_and_works_once_it_is_renamed_back(
    w: World,
) -> None:
    w.receive(w.drop(APPEND, hashes(0, 10)))
    w.advance(49 * HOUR)
    [there] = [str(a["id"]) for a in w.sim.audiences("foodies")]
    w.sim.edit(there, name="gourmets")

    assert w.receive(w.drop(REMOVE, hashes(0, 5)))

    assert w.reasons() == ["audience_renamed"]
    assert there in w.sqs.dead[0].attributes["ErrorMessage"]
    assert w.ids("gourmets") == [set(hashes(0, 10))]
    w.sim.edit(there, name="foodies")
    w.redrive()
    w.run()
    assert w.ids("foodies") == [set(hashes(5, 5))]
    assert not w.sqs.dead


def test_removal_that_would_leave_too_few_says_to_delete_the_audience(w: World) -> None:
    w.sim.set_options(floor=1000)
    w.sim.seed(name="foodies", ids=hashes(0, 1001))

    assert w.receive(w.drop(REMOVE, hashes(0, 5)))

    assert w.reasons() == ["below_minimum"]
    assert "delete the audience" in w.sqs.dead[0].attributes["ErrorMessage"]
    assert w.ids("foodies") == [set(hashes(0, 1001))]


@pytest.mark.parametrize("busy", [48 * HOUR, 20 * HOUR])
def test_append_and_removal_of_each_day_take_turns_and_none_is_given_up_in_thirty_days(
    filled: World, busy: float
) -> None:
    w = filled
    w.sim.set_options(processing_seconds=busy)
    for day in range(30):
        w.drop(f"{FOLDER}{day}.csv", hashes(1000 + day * 10, 5))
        w.advance(60)
        w.drop(f"{FOLDER}remove/{day}.csv", hashes(day, 1))
        w.run(hours=24)
        w.advance(max(0.0, (day + 1) * DAY + 1_800_000_000 - w.now()))
    w.run()

    assert not w.sqs.dead
    assert not w.sqs.messages
    added = {i for day in range(30) for i in hashes(1000 + day * 10, 5)}
    assert w.ids("foodies") == [{*hashes(30, 70), *added}]
    taken = actions(w)
    assert all(a != b for a, b in pairwise(taken))


def test_append_is_never_overtaken_by_a_removal_that_was_written_after_it(filled: World) -> None:
    w = filled
    w.sim.set_options(processing_seconds=2 * HOUR)
    w.receive(w.drop(FOLDER + "remove/first.csv", hashes(0, 1)))
    w.advance(60)
    w.drop(APPEND, hashes(200, 5))
    w.advance(60)
    w.drop(REMOVE, hashes(1, 1))

    w.run()

    assert not w.sqs.dead
    assert actions(w) == ["remove", "append", "remove"]
    assert w.ids("foodies") == [{*hashes(2, 98), *hashes(200, 5)}]


def test_append_and_removal_of_the_same_second_are_appended_and_then_taken_out(
    filled: World,
) -> None:
    w = filled
    w.drop(REMOVE, hashes(200, 5))
    w.drop(APPEND, hashes(200, 5))

    w.run()

    assert actions(w) == ["append", "remove"]
    assert w.ids("foodies") == [set(hashes(0, 100))]


def refused_append(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40006, "endpoint": "update", "times": 1})
    w.receive(w.drop(APPEND, hashes(200, 5)))
    assert w.reasons() == ["tiktok_refused"]
    w.advance(60)


def test_redriven_append_that_a_removal_overtook_does_not_bring_opt_outs_back(
    filled: World,
) -> None:
    w = filled
    refused_append(w)
    w.receive(w.drop(REMOVE, hashes(200, 2)))

    w.redrive()
    w.run()

    assert w.reasons() == ["older_than_removal"]
    assert "copy the file over itself" in w.sqs.dead[0].attributes["ErrorMessage"]
    assert actions(w) == ["remove"]
    receipt: Any = w.receipt(APPEND)
    assert receipt["reason"] == "older_than_removal"


def test_append_that_a_removal_overtook_is_added_when_it_is_copied_over_itself(
    filled: World,
) -> None:
    w = filled
    refused_append(w)
    w.receive(w.drop(REMOVE, hashes(200, 2)))
    w.redrive()
    w.run()
    w.advance(60)

    w.drop(APPEND, hashes(200, 5))
    w.run()

    assert w.ids("foodies") == [{*hashes(0, 100), *hashes(200, 5)}]


def test_replayed_append_that_a_removal_overtook_does_not_bring_opt_outs_back(
    filled: World,
) -> None:
    w = filled
    w.sim.set_options(processing_seconds=0.0)
    w.receive(w.drop(APPEND, hashes(200, 5)))
    w.advance(60)
    w.receive(w.drop(REMOVE, hashes(200, 2)))
    w.advance(60)

    replayed(w, APPEND)
    w.run()

    assert w.reasons() == ["older_than_removal"]
    assert w.ids("foodies") == [{*hashes(0, 100), *hashes(202, 3)}]


def test_append_written_after_the_removal_is_delivered(filled: World) -> None:
    w = filled
    w.sim.set_options(processing_seconds=0.0)
    w.receive(w.drop(REMOVE, hashes(0, 2)))
    w.advance(1)

    w.drop(APPEND, hashes(0, 1))
    w.run()

    assert w.ids("foodies") == [{*hashes(0, 1), *hashes(2, 98)}]
    assert not w.sqs.dead


def test_removal_whose_answer_was_lost_is_sent_again_when_the_audience_takes_edits(
    filled: World,
) -> None:
    w = filled
    w.sim.faults.add({"kind": "cut_after", "endpoint": "update", "times": 3})

    w.drop(REMOVE, hashes(0, 5))
    w.run()

    assert w.ids("foodies") == [set(hashes(5, 95))]
    receipt: Any = w.receipt(REMOVE)
    assert receipt["status"] == "delivered"
    assert not w.sqs.dead


def test_removal_that_tiktok_failed_later_is_rejected_told_of_and_works_when_redriven(
    filled: World,
) -> None:
    w = filled
    w.sim.faults.add({"kind": "fails_later", "message": "Matching failed.", "times": 1})
    w.receive(w.drop(REMOVE, hashes(0, 5)))
    w.advance(49 * HOUR)
    w.sweep()

    assert w.reasons() == ["tiktok_failed"]
    receipt: Any = w.receipt(REMOVE)
    assert (receipt["status"], receipt["outcome"]["state"]) == ("rejected", "failed")
    w.redrive()
    w.run()

    assert w.sim.audiences("foodies")[0]["ids"] == sorted(hashes(5, 95))
    assert not w.sqs.dead


def test_removals_and_appends_of_one_message_each_meet_the_outcome_of_their_own_call(
    filled: World,
) -> None:
    w = filled
    w.drop(APPEND, hashes(200, 5))
    w.drop(REMOVE, hashes(0, 5))
    w.run()
    w.advance(49 * HOUR)
    w.sweep()

    outcomes: list[Any] = [w.receipt(key) for key in (APPEND, REMOVE)]
    assert [r["outcome"]["state"] for r in outcomes] == ["ready", "ready"]
    assert outcomes[0]["request_id"] != outcomes[1]["request_id"]
