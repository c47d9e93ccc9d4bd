"""What is told of an accepted change when audiences vanish, errors stand, or the function dies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.killer import Killed, Killer
from support.world import HOUR, World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"
A, B, C = (FOLDER + name for name in ("a.csv", "b.csv", "c.csv"))
SAME = "Matching failed."


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    """Make a stack whose TikTok processes each change for two hours."""
    with world(tmp_path, processing_seconds=2 * HOUR) as made:
        yield made


def outcome(w: World, key: str) -> str | None:
    found: Any = w.receipt(key)
    return found["outcome"]["state"] if found["outcome"] else None


def audience_id(w: World) -> str:
    [found] = w.sim.audiences("foodies")
    return str(found["id"])


def fails_later(w: World, endpoint: str, times: int = 1) -> None:
    w.sim.faults.add({"kind": "fails_later", "message": SAME, "endpoint": endpoint, "times": times})


def ready(w: World) -> None:
    """Deliver a first file and let TikTok be done with it."""
    w.receive(w.drop(A, hashes(0, 20)))
    w.advance(3 * HOUR)


@pytest.mark.parametrize(("how", "told"), [("deleted", "gone"), ("expired", "expired")])
def test_change_of_an_audience_that_went_away_is_not_told_ready_when_it_is_made_anew(
    w: World, how: str, told: str
) -> None:
    ready(w)
    w.receive(w.drop(B, hashes(20, 5)))
    w.advance(3 * HOUR)
    if how == "deleted":
        w.sim.remove(audience_id(w))
    else:
        w.sim.edit(audience_id(w), expire=True)

    w.receive(w.drop(C, hashes(30, 5)))
    w.sweep()

    assert outcome(w, B) == told
    assert outcome(w, C) is None
    w.advance(3 * HOUR)
    w.sweep()
    assert (outcome(w, B), outcome(w, C)) == (told, "ready")


def test_error_text_that_stood_before_our_first_change_of_an_audience_is_no_failure_of_it(
    w: World,
) -> None:
    w.sim.set_options(error_msg_ends="never")
    w.sim.seed(name="foodies", ids=hashes(0, 20), error_msg="An old complaint.")
    w.receive(w.drop(B, hashes(20, 5)))
    w.advance(3 * HOUR)
    w.sweep()
    assert outcome(w, B) is None

    w.advance(46 * HOUR)
    w.sweep()

    assert outcome(w, B) == "unclear"
    assert not w.sqs.dead


def test_failure_is_seen_although_get_leaves_the_audience_out_once_before_the_next_change(
    w: World,
) -> None:
    ready(w)
    fails_later(w, "update")
    w.receive(w.drop(B, hashes(20, 5)))
    w.advance(3 * HOUR)
    w.sim.faults.add({"kind": "left_out", "endpoint": "get", "times": 1})

    w.receive(w.drop(C, hashes(30, 5)))
    w.run()
    w.advance(3 * HOUR)
    w.sweep()

    assert outcome(w, B) == "failed"
    assert w.reasons() == ["tiktok_failed"]


def test_new_audience_that_get_and_the_lagging_list_leave_out_is_not_made_twice(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0, list_lag_seconds=3500.0)
    w.receive(w.drop(A, hashes(0, 20)))
    w.advance(60)
    w.sim.faults.add({"kind": "left_out", "endpoint": "get", "times": 1})

    w.receive(w.drop(B, hashes(20, 5)))
    w.run()

    assert w.ids("foodies") == [set(hashes(0, 25))]
    assert w.called("create") == ["create"]


@pytest.mark.parametrize("visibility", [5400, 600], ids=["after the lease", "before its end"])
def test_outcome_is_told_wherever_the_function_died_while_it_delivered(
    w: World, visibility: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support.world.VISIBILITY", visibility)  # when the message is back
    for at in range(40):
        key = f"tiktok/audience-{at}/email_sha256/a.csv"
        w.drop(key, hashes(at * 10, 5))
        Killer(w, at=at)
        try:
            w.run(hours=0)
            break
        except Killed:
            w.app = w.new_app()
        finally:
            Killer(w)
        w.run()
        w.advance(3 * HOUR)
        w.sweep()
        assert outcome(w, key) == "ready", f"killed before call {at}"
    assert at > 12


def test_second_failure_in_the_same_words_is_unclear_and_never_ready(w: World) -> None:
    w.sim.set_options(error_msg_ends="never")
    ready(w)
    fails_later(w, "update", times=2)
    w.receive(w.drop(B, hashes(20, 5)))
    w.advance(3 * HOUR)
    w.sweep()
    assert w.reasons() == ["tiktok_failed"]
    w.receive(w.drop(C, hashes(30, 5)))

    w.advance(49 * HOUR)
    w.sweep()

    assert outcome(w, C) == "unclear"
    receipt: Any = w.receipt(C)
    assert any("Ads Manager" in warning for warning in receipt["warnings"])


def test_failure_that_no_sweep_saw_is_told_before_the_next_change_is_sent(w: World) -> None:
    ready(w)
    fails_later(w, "update")
    w.receive(w.drop(B, hashes(20, 5)))
    w.advance(3 * HOUR)

    w.receive(w.drop(C, hashes(30, 5)))

    assert outcome(w, B) == "failed"
    assert outcome(w, A) == "ready"
    assert w.reasons() == ["tiktok_failed"]
    assert w.ids("foodies") == [{*hashes(0, 20)}] or w.receipt(C)


def test_redrive_after_a_failed_create_is_told_at_once_and_works_once_it_is_deleted(
    w: World,
) -> None:
    fails_later(w, "create")
    w.receive(w.drop(A, hashes(0, 20)))
    w.advance(3 * HOUR)
    w.sweep()
    assert w.reasons() == ["tiktok_failed"]

    began = w.now()
    w.redrive()
    w.run()

    assert w.now() - began < HOUR
    assert w.reasons() == ["tiktok_failed"]
    w.sim.remove(audience_id(w))
    w.redrive()
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 20))]


def test_audience_that_get_leaves_out_once_is_not_gone(w: World) -> None:
    ready(w)
    w.sweep()
    w.receive(w.drop(B, hashes(20, 5)))
    w.sim.faults.add({"kind": "left_out", "endpoint": "get", "times": 1})

    for _ in range(3):
        w.advance(HOUR)
        w.sweep()

        status: Any = w.status("foodies")
        assert status["state"] == "ready"
    assert outcome(w, B) is None


def test_audience_absent_in_two_asks_an_hour_apart_is_gone_and_the_next_append_makes_it_anew(
    w: World,
) -> None:
    ready(w)
    w.receive(w.drop(B, hashes(20, 5)))
    w.sim.remove(audience_id(w))
    w.sweep()
    w.advance(HOUR / 2)
    w.sweep()
    assert outcome(w, B) is None

    w.advance(HOUR / 2)
    w.sweep()

    assert outcome(w, B) == "gone"
    status: Any = w.status("foodies")
    assert status["state"] == "gone"
    assert status["what_to_do"]
    w.receive(w.drop(C, hashes(30, 5)))
    w.sweep()
    status = w.status("foodies")
    assert status["state"] == "processing"
    assert status["audience_id"] == audience_id(w)


def test_outcome_is_written_into_the_receipts_of_exactly_the_drops_of_its_change(
    w: World,
) -> None:
    w.sim.set_options(processing_seconds=20 * HOUR)
    w.receive(w.drop(A, hashes(0, 20)))
    w.drop(B, hashes(20, 5))
    w.drop(FOLDER + "bad.csv", b"jane@example.com\n")
    w.run(hours=1)
    w.advance(21 * HOUR)

    w.sweep()

    assert outcome(w, A) == "ready"
    assert w.receipt(B) is None
    bad: Any = w.receipt(FOLDER + "bad.csv")
    assert bad["outcome"] is None


def test_get_is_called_once_for_a_hundred_audiences_and_for_settled_ones_once_a_day(
    w: World,
) -> None:
    for n in range(101):
        w.receive(w.drop(f"tiktok/audience-{n:03}/email_sha256/a.csv", hashes(n, 5)))
    w.sim.world.calls.clear()
    w.sweep()
    assert w.called() == ["get", "get"]
    w.advance(3 * HOUR)
    w.sweep()
    w.sim.world.calls.clear()

    for _ in range(5):
        w.advance(2 * HOUR)
        w.sweep()
    assert not w.called()
    w.advance(12 * HOUR)
    w.sweep()

    assert w.called() == ["get", "get"]
