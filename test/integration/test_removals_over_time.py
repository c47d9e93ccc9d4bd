"""Removals that fail later, come to an absent audience, or meet old appends and replays."""

import json
from typing import Any

import pytest
from support.world import HOUR, World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
APPEND = FOLDER + "a.csv"
OUT = FOLDER + "remove/out.csv"
MORE_OUT = FOLDER + "remove/more.csv"


@pytest.fixture
def filled(w: World) -> World:
    """Make a stack whose audience holds a hundred ids; each change takes TikTok two hours."""
    w.sim.set_options(processing_seconds=2 * HOUR)
    w.sim.seed(name="foodies", ids=hashes(0, 100))
    return w


def message_for(w: World, key: str, **extra: object) -> None:
    stored = w.s3.objects[key]
    w.sqs.send(event_body(key, stored.etag, len(stored.body), **extra))


def blocked_append(w: World) -> None:
    """Have an append refused, so that it can be redriven after a removal."""
    w.sim.faults.add({"kind": "code", "value": 40006, "times": 1, "endpoint": "update"})
    w.receive(w.drop(APPEND, hashes(200, 5)))
    assert w.reasons() == ["tiktok_refused"]
    w.sqs.dead.clear()
    w.advance(60)


def fails_later(w: World) -> None:
    w.sim.faults.add({"kind": "fails_later", "message": "No.", "endpoint": "update", "times": 1})


def test_append_written_before_a_removal_that_failed_later_is_delivered(filled: World) -> None:
    w = filled
    blocked_append(w)
    fails_later(w)
    w.receive(w.drop(OUT, hashes(0, 5)))
    assert w.record("foodies")["removed_until"]
    w.advance(3 * HOUR)
    w.sweep()
    assert w.reasons() == ["tiktok_failed"]
    w.sqs.dead.clear()

    message_for(w, APPEND)
    w.run()

    assert not w.sqs.dead
    assert w.ids("foodies") == [{*hashes(0, 100), *hashes(200, 5)}]


def test_removal_before_the_one_that_failed_later_still_keeps_old_appends_out(
    filled: World,
) -> None:
    w = filled
    blocked_append(w)
    w.receive(w.drop(OUT, hashes(0, 5)))
    w.advance(3 * HOUR)
    fails_later(w)
    w.receive(w.drop(MORE_OUT, hashes(5, 5)))
    w.advance(3 * HOUR)
    w.sweep()
    w.sqs.dead.clear()

    message_for(w, APPEND)
    w.run()

    assert w.reasons() == ["older_than_removal"]


def test_removal_from_an_absent_audience_has_two_searches_of_its_own(w: World) -> None:
    message = w.drop(OUT, hashes(0, 5))
    w.come(message)
    w.s3.objects.pop(OUT)
    w.run()
    w.advance(24 * HOUR)
    w.sim.world.calls.clear()

    second = w.drop(MORE_OUT, hashes(0, 5))
    assert w.come(second) == HOUR
    w.sim.seed(name="foodies", ids=hashes(0, 20))
    w.run()

    assert w.ids("foodies") == [set(hashes(5, 15))]


def test_removals_that_come_one_after_another_are_done_an_hour_after_the_first_search(
    w: World,
) -> None:
    first = w.drop(OUT, hashes(0, 5))
    w.come(first)
    w.advance(HOUR / 2)
    w.come(w.drop(MORE_OUT, hashes(5, 5)))

    w.run()

    assert [w.receipt(k)["status"] for k in (OUT, MORE_OUT)] == ["delivered"] * 2  # type: ignore[index]
    assert not w.called("create")
    assert not w.sqs.messages


@pytest.mark.parametrize("base", [1.0, 30.0])
def test_second_search_for_an_absent_audience_is_120_times_the_base_later(
    w: World, base: float
) -> None:
    w.base = base
    w.app = w.new_app()

    assert w.come(w.drop(OUT, hashes(0, 5))) == 120 * base
    w.run(hours=120 * base / HOUR)

    receipt: Any = w.receipt(OUT)
    assert (receipt["status"], receipt["audience_id"]) == ("delivered", None)
    assert receipt["warnings"]


def test_first_search_that_a_broken_clock_dated_2099_holds_no_removal_for_ever(w: World) -> None:
    w.come(w.drop(OUT, hashes(0, 5)))
    record = w.record("foodies")
    far = "2099-01-01T00:00:00.000Z"
    record["drop_waits"][OUT] |= {"since": far, "not_before": far}
    w.s3.store(f"state/{w.sim.advertiser_id}/foodies.json", json.dumps(record).encode())

    w.run(hours=3)

    receipt: Any = w.receipt(OUT)
    assert receipt["status"] == "delivered"


@pytest.mark.parametrize("how", ["expired", "deleted"])
def test_removal_from_an_audience_that_went_away_is_done_with_a_warning(
    filled: World, how: str
) -> None:
    w = filled
    w.receive(w.drop(APPEND, hashes(200, 5)))
    w.advance(3 * HOUR)
    [found] = [str(a["id"]) for a in w.sim.audiences("foodies")]
    if how == "expired":
        w.sim.edit(found, expire=True)
    else:
        w.sim.remove(found)

    w.drop(OUT, hashes(0, 5))
    w.run()

    receipt: Any = w.receipt(OUT)
    assert receipt["status"] == "delivered"
    assert any("nobody to take out" in warning for warning in receipt["warnings"])
    assert not w.called("create")


def test_expired_audience_is_made_anew_by_the_next_append(filled: World) -> None:
    w = filled
    w.receive(w.drop(APPEND, hashes(200, 5)))
    w.advance(3 * HOUR)
    [old] = [str(a["id"]) for a in w.sim.audiences("foodies")]
    w.sim.edit(old, expire=True)
    w.sweep()
    status: Any = w.status("foodies")
    assert status["state"] == "expired"
    assert status["what_to_do"]

    w.receive(w.drop(FOLDER + "b.csv", hashes(300, 5)))
    w.advance(3 * HOUR)
    w.sweep()

    receipt: Any = w.receipt(FOLDER + "b.csv")
    assert (receipt["call"], receipt["outcome"]["state"]) == ("create", "ready")
    assert any("made anew" in text and APPEND in text for text in receipt["warnings"])
    assert not any(OUT in text for text in receipt["warnings"])
    first: Any = w.receipt(APPEND)
    assert first["outcome"]["state"] == "expired"
    status = w.status("foodies")
    assert (status["state"], status["size"]) == ("ready", 5)


def test_replay_fills_a_deleted_audience_again_but_for_what_a_removal_overtook(
    filled: World,
) -> None:
    w = filled
    w.receive(w.drop(APPEND, hashes(200, 5)))
    w.advance(3 * HOUR)
    w.receive(w.drop(OUT, hashes(200, 2)))
    w.advance(3 * HOUR)
    w.receive(w.drop(FOLDER + "later.csv", hashes(300, 5)))
    w.advance(3 * HOUR)
    w.sim.remove(str(w.sim.audiences("foodies")[0]["id"]))

    for key in (APPEND, FOLDER + "later.csv"):
        message_for(w, key, **{"replay-name": "again"})
    w.run()

    assert w.ids("foodies") == [set(hashes(300, 5))]
    assert w.reasons() == ["older_than_removal"]


def test_made_anew_warning_names_no_removal_among_the_files_to_copy(filled: World) -> None:
    w = filled
    w.receive(w.drop(APPEND, hashes(200, 5)))
    w.advance(3 * HOUR)
    w.receive(w.drop(OUT, hashes(200, 2)))
    w.advance(3 * HOUR)
    w.sim.remove(str(w.sim.audiences("foodies")[0]["id"]))

    w.receive(w.drop(FOLDER + "b.csv", hashes(300, 5)))

    receipt: Any = w.receipt(FOLDER + "b.csv")
    [warning] = [text for text in receipt["warnings"] if "made anew" in text]
    assert APPEND in warning
    assert OUT not in warning
