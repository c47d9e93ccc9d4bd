"""What TikTok makes of accepted changes, drops without a message, removals and sets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.events import event_body
from support.world import HOUR, World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, processing_seconds=2 * HOUR) as opened:
        yield opened


def receipt(w: World, name: str) -> dict[str, Any]:
    found = w.receipt(FOLDER + name)
    assert found, name
    return found


def test_outcome_of_a_create_is_ready_once_the_audience_is_valid(w: World) -> None:
    w.drop(FOLDER + "a.csv", hashes(0, 2000))
    w.run(hours=1)
    assert receipt(w, "a.csv")["outcome"] is None

    w.advance(3 * HOUR)
    w.sweep()

    assert receipt(w, "a.csv")["outcome"]["state"] == "ready"
    status = w.status("foodies")
    assert status
    assert (status["state"], status["size"]) == ("ready", 2000)


def test_change_that_fails_later_comes_back_as_a_dead_letter_and_a_redrive_sends_it(
    w: World,
) -> None:
    w.drop(FOLDER + "a.csv", hashes(0, 2000))
    w.run(hours=1)
    w.advance(3 * HOUR)
    fault = {"endpoint": "update", "kind": "fails_later", "message": "bad things", "times": 1}
    w.sim.faults.add(fault)
    w.drop(FOLDER + "b.csv", hashes(3000, 50))
    w.run(hours=1)
    assert receipt(w, "b.csv")["status"] == "delivered"

    w.advance(5 * HOUR)
    w.sweep()

    assert (receipt(w, "b.csv")["status"], w.reasons()) == ("rejected", ["tiktok_failed"])
    assert receipt(w, "a.csv")["status"] == "delivered"
    w.redrive()
    w.run(hours=60)
    w.advance(50 * HOUR)
    w.sweep()
    assert receipt(w, "b.csv")["outcome"]["state"] == "ready"


def test_audience_of_too_few_people_is_told_of_and_takes_no_more_drops(tmp_path: Path) -> None:
    with world(tmp_path, processing_seconds=2 * HOUR, floor=1000) as w:
        w.drop(FOLDER + "small.csv", hashes(0, 20))
        w.run(hours=1)
        w.advance(49 * HOUR)
        w.sweep()

        assert receipt(w, "small.csv")["outcome"]["state"] == "too_small"
        w.drop(FOLDER + "more.csv", hashes(20, 20))
        w.run(hours=5)
        assert w.reasons() == ["too_small"]


def test_drop_without_a_message_is_found_by_one_sweep_and_sent_once(w: World) -> None:
    w.write(FOLDER + "lost.csv", hashes(0, 100))
    w.advance(HOUR)

    for _ in range(5):
        w.sweep()

    assert len(w.sqs.messages) == 1
    w.run(hours=1)
    assert receipt(w, "lost.csv")["status"] == "delivered"
    w.sweep()
    assert not w.sqs.messages


def test_sweep_without_credentials_asks_and_sends_nothing_but_writes_status(w: World) -> None:
    w.secrets.put(ACCESS_TOKEN="replace-with-your-token", ADVERTISER_ID="1")
    w.write(FOLDER + "lost.csv", hashes(0, 100))
    w.advance(HOUR)

    w.sweep()

    assert not w.sqs.messages
    assert not w.called()
    status = w.status("foodies")
    assert status
    assert status["waiting"] == {"drops": 1, "for": "credentials", "until": None}


def test_append_and_removal_a_day_leave_nothing_over_after_thirty_days(tmp_path: Path) -> None:
    with world(tmp_path, processing_seconds=48 * HOUR - 1) as w:
        for day in range(30):
            w.drop(FOLDER + f"add{day}.csv", hashes(day * 10, 10))
            w.drop(FOLDER + f"remove/out{day}.csv", hashes(day * 10, 3))
            w.run(hours=24)
        w.run()

        assert not w.reasons()
        wanted = {i for day in range(30) for i in hashes(day * 10 + 3, 7)}
        assert w.ids("foodies") == [wanted]


def test_replayed_append_does_not_bring_removed_people_back(w: World) -> None:
    w.drop(FOLDER + "a.csv", hashes(0, 20))
    w.run()
    w.advance(10)
    w.drop(FOLDER + "remove/out.csv", hashes(0, 5))
    w.run()
    w.advance(10)
    stored = w.s3.objects[FOLDER + "a.csv"]
    again = {"replay-name": "again"}

    w.sqs.send(event_body(FOLDER + "a.csv", stored.etag, len(stored.body), **again))
    w.run()

    assert w.reasons() == ["older_than_removal"]
    assert w.ids("foodies") == [set(hashes(5, 15))]


def test_removal_without_an_audience_is_done_after_two_looks_and_creates_none(w: World) -> None:
    w.drop(FOLDER + "remove/out.csv", hashes(0, 5))

    w.run(hours=5)

    assert receipt(w, "remove/out.csv")["warnings"]
    assert len(w.called("list")) == 2
    assert not w.called("create")


def test_set_replaces_everything_in_one_call(w: World) -> None:
    w.drop(FOLDER + "a.csv", hashes(0, 20))
    w.run()
    w.advance(3 * HOUR)
    for part in range(3):
        w.drop(FOLDER + f"replace/s1/{part}.csv", hashes(100 + part * 10, 10))
    w.run()

    assert w.ids("foodies") == [set(hashes(100, 30))]
    [update] = [c for c in w.sim.calls("update") if c["code"] == 0]
    assert update
    assert [receipt(w, f"replace/s1/{n}.csv")["action"] for n in range(3)] == ["replace"] * 3


def test_set_with_a_damaged_part_is_refused_whole_with_one_dead_letter(w: World) -> None:
    w.drop(FOLDER + "a.csv", hashes(0, 20))
    w.run()
    w.advance(3 * HOUR)
    w.drop(FOLDER + "replace/s1/good.csv", hashes(100, 20))
    w.drop(FOLDER + "replace/s1/bad.csv.gz", b"\x1f\x8b\x08\x00broken")
    w.run()

    assert w.reasons() == ["set_incomplete"]
    assert w.ids("foodies") == [set(hashes(0, 20))]
    for part in ("good.csv", "bad.csv.gz"):
        assert receipt(w, f"replace/s1/{part}")["status"] == "rejected"


def test_set_that_shrinks_the_audience_needs_a_confirmation(w: World) -> None:
    w.drop(FOLDER + "a.csv", hashes(0, 20))
    w.run()
    w.advance(3 * HOUR)
    w.drop(FOLDER + "replace/s1/0.csv", hashes(0, 3))
    w.run()
    assert w.reasons() == ["shrinks_too_much"]
    w.redrive()
    w.run()
    assert w.reasons() == ["shrinks_too_much"]

    w.drop(FOLDER + "replace/s1/_CONFIRMED", b"")
    w.run()

    assert w.ids("foodies") == [set(hashes(0, 3))]
