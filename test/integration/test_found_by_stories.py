"""What random stories of sets and removals found wrong, each told by itself."""

from typing import Any

import pytest
from audience_uploader.delivery.changes import accept_into, close
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import UPDATE, Accepted, Batch
from audience_uploader.domain.open_change import FAILED
from audience_uploader.domain.state_parts import SetMark
from support.fake_s3 import client_error
from support.killer import Killed
from support.world import HOUR, World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"
NEW = FOLDER + "new.csv"
OUT = FOLDER + "remove/out.csv"


def guard(w: World, percent: float) -> None:
    w.replace_minimum_percent = percent
    w.app = w.new_app()


def drop_set(w: World, start: int, rows: int) -> set[str]:
    """Drop a set of two parts; return its ids."""
    w.drop(JUNE + "0.csv", hashes(start, rows))
    w.drop(JUNE + "1.csv", hashes(start + rows, rows))
    return set(hashes(start, 2 * rows))


def set_and_a_newer_append(w: World) -> set[str]:
    """Have a set delivered, and then an append; return the set's ids."""
    guard(w, 0)
    ids = drop_set(w, 500, 5)
    w.run()
    w.advance(60)
    w.drop(NEW, hashes(900, 5))
    w.run()
    w.advance(60)
    return ids


def status(w: World, key: str) -> str:
    receipt: Any = w.receipt(key)
    return str(receipt["status"]) if receipt else "none"


def test_late_part_of_a_set_leaves_in_what_was_appended_since_the_set(w: World) -> None:
    ids = set_and_a_newer_append(w)

    w.drop(JUNE + "2.csv", hashes(600, 5))
    w.run()

    assert w.ids("foodies") == [{*ids, *hashes(600, 5), *hashes(900, 5)}]
    assert status(w, NEW) == "delivered"
    assert not w.sqs.messages


def test_set_that_is_confirmed_days_later_leaves_in_what_was_appended_meanwhile(w: World) -> None:
    w.drop(FOLDER + "old.csv", hashes(0, 100))
    w.run()
    w.advance(60)
    ids = drop_set(w, 500, 5)
    w.run()
    assert w.reasons() == ["shrinks_too_much"]
    w.advance(60)
    w.drop(NEW, hashes(900, 5))
    w.run()
    w.advance(48 * HOUR)

    w.drop(JUNE + "_CONFIRMED", b"")
    w.run()

    assert w.ids("foodies") == [{*ids, *hashes(900, 5)}]
    assert [status(w, key) for key in (NEW, FOLDER + "old.csv")] == ["delivered"] * 2


def test_killed_before_it_opens_appends_again_the_next_message_does_it(w: World) -> None:
    ids = set_and_a_newer_append(w)

    def fail(operation: str) -> None:
        if operation == "send":
            w.sqs.before = lambda operation: None
            raise client_error("InternalError", 500)

    w.sqs.before = fail
    w.drop(JUNE + "2.csv", hashes(600, 5))
    w.run()

    assert w.ids("foodies") == [{*ids, *hashes(600, 5), *hashes(900, 5)}]
    assert status(w, NEW) == "delivered"


def test_confirmation_opens_a_set_of_which_another_part_was_delivered_before(w: World) -> None:
    drop_set(w, 500, 10)
    w.run()
    w.advance(60)
    w.drop(JUNE + "1.csv", [])
    w.drop(JUNE + "0.csv", hashes(500, 3))
    w.s3.store(JUNE + "1.csv", b"email_sha256\n")
    late = w.s3.objects[JUNE + "1.csv"]
    w.sqs.send(event_body(JUNE + "1.csv", late.etag, len(late.body)))
    w.run()
    assert w.reasons() == ["shrinks_too_much"]
    w.advance(60)

    w.drop(JUNE + "_CONFIRMED", b"")
    w.run()

    assert w.ids("foodies") == [set(hashes(500, 3))]


def test_removal_waits_its_own_hour_for_an_audience_to_be_listed(w: World) -> None:
    """Two tries an hour apart are of the same removal: one of last month proves nothing."""
    w.drop(OUT, hashes(0, 5))
    w.run(hours=0)
    del w.s3.objects[OUT]
    w.run()
    w.advance(24 * HOUR)
    w.sim.set_options(list_lag_seconds=1800.0)
    w.sim.seed(name="foodies", ids=hashes(0, 10))
    for row in w.sim.world.audiences(w.sim.advertiser_id).values():
        row.listed_from = w.now() + 1800.0

    w.drop(FOLDER + "remove/out2.csv", hashes(0, 5))
    w.run()

    assert w.ids("foodies") == [set(hashes(5, 5))]


def test_opt_out_without_an_audience_keeps_an_older_file_from_coming_back(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40006, "times": 1, "endpoint": "create"})
    w.drop(NEW, hashes(0, 10))
    w.run()
    assert w.reasons() == ["tiktok_refused"]
    w.advance(60)
    w.drop(OUT, hashes(0, 5))
    w.run()
    assert status(w, OUT) == "delivered"

    w.redrive()
    w.run()

    assert w.reasons() == ["older_than_removal"]
    assert w.ids("foodies") == []


def test_two_changes_within_one_moment_are_told_their_own_outcomes(w: World) -> None:
    guard(w, 0)
    w.sim.set_options(processing_seconds=0.0)
    w.sim.seed(name="foodies", ids=hashes(0, 10))
    w.write(JUNE + "0.csv", hashes(500, 5))
    w.advance(1)
    w.drop(NEW, hashes(900, 5))
    w.run()

    w.advance(49 * HOUR)
    w.sweep()

    receipts: list[Any] = [w.receipt(key) for key in (JUNE + "0.csv", NEW)]
    assert len(w.called("update")) == 2
    assert [r["outcome"] and r["outcome"]["state"] for r in receipts] == ["ready"] * 2


def test_refused_upload_is_the_outcome_of_the_set_that_is_in_it(w: World) -> None:
    """The message that comes first is of another drop, which has no part in the call."""
    guard(w, 0)
    w.sim.faults.add({"kind": "code", "value": 40006, "times": 1, "endpoint": "upload"})
    w.write(JUNE + "0.csv", hashes(500, 5))
    w.advance(1)

    w.receive(w.drop(NEW, hashes(900, 5)))

    assert w.reasons() == ["tiktok_refused"]
    assert [status(w, key) for key in (JUNE + "0.csv", NEW)] == ["rejected", "none"]
    w.run()
    assert status(w, NEW) == "delivered"


def test_set_that_its_audience_refuses_has_one_dead_letter(w: World) -> None:
    w.sim.set_options(floor=1000, processing_seconds=HOUR)
    w.drop(FOLDER + "small.csv", hashes(0, 5))
    w.run(hours=1)
    w.advance(49 * HOUR)

    drop_set(w, 500, 5)
    w.run()

    assert w.reasons() == ["too_small"]
    assert [status(w, f"{JUNE}{n}.csv") for n in range(2)] == ["rejected"] * 2


def test_dead_letter_of_a_set_is_of_a_part_that_a_redrive_opens(w: World) -> None:
    """Another part was delivered before, and its receipt would make the redrive do nothing."""
    guard(w, 0)
    w.sim.set_options(processing_seconds=0.0)
    drop_set(w, 500, 5)
    w.run()
    w.advance(60)
    w.sim.faults.add({"kind": "code", "value": 40006, "times": 1, "endpoint": "update"})
    w.write(JUNE + "1.csv", hashes(600, 5))
    w.advance(1)
    w.drop(NEW, hashes(900, 5))
    w.run()
    assert w.reasons() == ["tiktok_refused"]
    assert status(w, JUNE + "1.csv") == "rejected"

    w.redrive()
    w.run()

    assert w.ids("foodies") == [{*hashes(500, 5), *hashes(600, 5), *hashes(900, 5)}]
    assert status(w, JUNE + "1.csv") == "delivered"


def test_change_of_an_audience_that_is_gone_was_not_applied_because_a_new_one_was_made(
    w: World,
) -> None:
    w.drop(FOLDER + "old.csv", hashes(0, 10))
    w.run()
    w.sim.remove(str(w.sim.audiences("foodies")[0]["id"]))
    w.advance(60)

    w.drop(NEW, hashes(900, 5))
    w.run()
    w.sweep()

    receipt: Any = w.receipt(FOLDER + "old.csv")
    assert receipt["outcome"]["state"] == "gone"


def test_confirmed_set_that_its_audience_refuses_is_refused_as_a_set(w: World) -> None:
    w.drop(JUNE + "0.csv", b"PAR1" + bytes(40))
    w.run()
    w.sim.set_options(floor=1000, processing_seconds=HOUR)
    w.drop(FOLDER + "small.csv", hashes(0, 5))
    w.run(hours=1)
    w.advance(49 * HOUR)
    w.sqs.dead.clear()

    w.drop(JUNE + "_CONFIRMED", b"")
    w.run()

    assert w.reasons() == ["too_small"]
    assert status(w, JUNE + "0.csv") == "rejected"


def test_refused_set_that_is_redriven_after_a_newer_one_is_superseded_as_a_whole(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)
    w.drop(JUNE + "0.csv", hashes(500, 5))
    w.drop(JUNE + "1.csv", b"PAR1" + bytes(40))
    w.run()
    assert w.reasons() == ["set_incomplete"]
    w.advance(60)
    w.drop(FOLDER + "replace/july/0.csv", hashes(600, 5))
    w.run()
    w.advance(49 * HOUR)
    w.sweep()

    w.redrive()
    w.run()

    assert [status(w, f"{JUNE}{n}.csv") for n in range(2)] == ["superseded"] * 2
    assert not w.reasons()


def test_change_of_an_audience_that_was_forgotten_is_told_of_as_gone(w: World) -> None:
    w.drop(FOLDER + "old.csv", hashes(0, 10))
    w.run()
    w.sim.remove(str(w.sim.audiences("foodies")[0]["id"]))
    w.advance(2 * HOUR)
    w.drop(JUNE + "0.csv", b"PAR1" + bytes(40))
    w.run()
    assert w.record("foodies")["audience_id"] is None

    for _ in range(3):
        w.advance(2 * HOUR)
        w.sweep()

    receipt: Any = w.receipt(FOLDER + "old.csv")
    assert receipt["outcome"]["state"] == "gone"


def test_lost_create_that_is_found_as_a_persons_is_delivered_by_its_own_message(w: World) -> None:
    """TikTok may not show yet who made an audience; no sweep is needed to append to it then."""
    w.sim.set_options(list_lag_seconds=0.0, history_from="result", processing_seconds=HOUR)
    w.sim.faults.add({"kind": "cut_after", "times": 1, "endpoint": "create"})

    w.drop(NEW, hashes(0, 10))
    w.run()

    assert status(w, NEW) == "delivered"
    assert w.ids("foodies") == [set(hashes(0, 10))]


def test_what_a_death_left_is_settled_though_credentials_were_missing_meanwhile(w: World) -> None:
    """All receipts are written, so no other message would come for it."""

    def die_before_the_lease_is_given_back(operation: str, key: str) -> None:
        if key.startswith("state/") and status(w, NEW) == "delivered":
            raise Killed

    message = w.drop(NEW, hashes(0, 10))
    w.s3.before = die_before_the_lease_is_given_back
    with pytest.raises(Killed):
        w.receive(message)
    w.s3.before = lambda operation, key: None
    w.app = w.new_app()
    assert status(w, NEW) == "delivered"
    assert w.record("foodies")["lease"] is not None
    w.secrets.put(ACCESS_TOKEN="replace-with-your-token", ADVERTISER_ID=w.sim.advertiser_id)
    w.run(hours=2)

    w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID=w.sim.advertiser_id)
    w.run()

    assert w.record("foodies")["lease"] is None
    assert w.record("foodies")["accepted"] is None


def test_set_that_is_replayed_and_refused_has_one_dead_letter(w: World) -> None:
    """Of a set that was delivered every part is announced again, and each opens the set."""
    guard(w, 0)
    drop_set(w, 500, 10)
    w.run()
    w.advance(60)
    w.drop(OUT, hashes(500, 2))
    w.run()
    w.advance(60)

    for n in range(2):
        stored = w.s3.objects[f"{JUNE}{n}.csv"]
        w.sqs.send(
            event_body(f"{JUNE}{n}.csv", stored.etag, len(stored.body), **{"replay-name": "all"})
        )
    w.run()

    assert w.reasons() == ["older_than_removal"]
    assert [status(w, f"{JUNE}{n}.csv") for n in range(2)] == ["rejected"] * 2
    assert w.ids("foodies") == [set(hashes(502, 18))]


def test_what_an_unclear_set_overtook_still_waits_once_a_later_set_failed() -> None:
    state = AudienceState("1", "foodies", last_set=SetMark("june", 100, 5), superseding=True)
    july = Batch(200.0, "EMAIL_SHA256", action="replace", set_name="july", set_at=200.0)

    accept_into(state, Accepted(UPDATE, 200.0, "7", "r", False, july), before=None)
    close(state, FAILED, now=300.0)

    assert state.last_set is not None
    assert (state.last_set.name, state.superseding) == ("june", True)
