"""The same event again, replayed, redriven, overwritten, vanished: no drop is lost or doubled."""

from typing import Any

import pytest
from support.world import World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"


def again(w: World, key: str = KEY, **extra: object) -> Any:
    stored = w.s3.objects[key]
    return w.sqs.send(event_body(key, stored.etag, len(stored.body), **extra))


def test_same_event_twice_makes_no_second_audience_upload_or_call(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    calls = len(w.called())

    assert w.receive(again(w))
    assert w.receive(again(w))

    assert len(w.called()) == calls
    assert w.secrets.reads == 1


def test_replayed_event_is_worked_on_again(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(60)

    assert w.receive(again(w, **{"replay-name": "again"}))

    receipt: Any = w.receipt(KEY)
    assert (receipt["action"], receipt["call"]) == ("append", "update")
    assert w.called("update") == ["update"]
    assert w.called("create") == ["create"]


def test_replayed_event_that_waits_does_not_forget_the_receipt_it_then_gets(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(60)
    message = again(w, **{"replay-name": "again"})
    w.run()
    updates = w.called("update")

    assert message.message_id not in w.sqs.messages
    assert updates == ["update"]


def test_redriven_message_that_was_delivered_in_the_meantime_is_delivered_again_once(
    w: World,
) -> None:
    w.sim.set_options(processing_seconds=0.0)
    w.sim.faults.add({"kind": "code", "value": 40002, "message": "Bad.", "times": 1})
    w.receive(w.drop(KEY, hashes(0, 5)))
    assert w.reasons() == ["tiktok_refused"]
    w.redrive()
    w.redrive()

    w.run()

    assert w.ids("foodies") == [set(hashes(0, 5))]
    receipt: Any = w.receipt(KEY)
    assert receipt["status"] == "delivered"
    assert not w.sqs.dead


def test_redriven_message_whose_cause_is_still_there_is_dead_lettered_again_with_one_reason(
    w: World,
) -> None:
    w.receive(w.drop(KEY, b"jane@example.com\n"))

    for _ in range(3):
        w.redrive()
        w.run()
        assert w.reasons() == ["no_valid_rows"]


def test_bad_drop_found_by_the_try_of_another_message_is_dead_lettered_at_once_and_only_once(
    w: World,
) -> None:
    bad = w.drop(FOLDER + "bad.csv", b"jane@example.com\n")
    good = w.drop(FOLDER + "good.csv", hashes(0, 5))

    assert w.receive(good)
    assert w.reasons() == ["no_valid_rows"]
    receipt: Any = w.receipt(FOLDER + "bad.csv")
    assert receipt["status"] == "rejected"
    assert receipt["dead_lettered_at"]

    assert w.receive(bad)
    assert w.receive(again(w, FOLDER + "bad.csv"))
    assert w.reasons() == ["no_valid_rows"]


def test_dead_letter_made_for_a_drop_that_another_message_found_works_when_redriven(
    w: World,
) -> None:
    w.drop(FOLDER + "bad.csv", b"jane@example.com\n")
    w.sqs.messages.clear()  # its own message never comes
    w.receive(w.drop(FOLDER + "good.csv", hashes(0, 5)))
    w.advance(49 * 3600)
    w.write(FOLDER + "bad.csv", hashes(5, 5))

    w.redrive()
    w.run()

    assert w.ids("foodies") == [set(hashes(0, 10))]
    assert not w.sqs.dead


def test_corrected_file_at_the_same_key_is_delivered(w: World) -> None:
    w.receive(w.drop(KEY, b"jane@example.com\n"))

    w.drop(KEY, hashes(0, 5))
    w.run()

    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.reasons() == ["no_valid_rows"]


def test_overwritten_drop_counts_in_its_current_version_only(w: World) -> None:
    w.drop(KEY, hashes(0, 5))
    w.drop(KEY, hashes(5, 5))

    w.run()

    assert w.ids("foodies") == [set(hashes(5, 5))]
    assert w.called("create") == ["create"]
    assert not w.called("update")


def test_drop_overwritten_while_it_is_read_is_delivered_in_its_new_version(w: World) -> None:
    def overwrite(operation: str, key: str) -> None:
        if operation == "get" and key == KEY:
            w.s3.before = lambda operation, key: None
            w.drop(KEY, hashes(5, 5))

    w.drop(KEY, hashes(0, 5))
    w.s3.before = overwrite

    w.run()

    assert w.ids("foodies") == [set(hashes(5, 5))]
    assert not w.sqs.dead


@pytest.mark.parametrize("when", ["before the message", "after the listing"])
def test_vanished_drop_is_done(w: World, when: str) -> None:
    def vanish(operation: str, key: str) -> None:
        if operation == "get" and key == KEY:
            w.s3.objects.pop(KEY, None)

    w.drop(KEY, hashes(0, 5))
    if when == "before the message":
        w.s3.objects.pop(KEY)
    w.s3.before = vanish

    w.run()

    assert not w.sqs.dead
    assert w.ids("foodies") == []


def test_vanished_drop_of_a_redriven_message_is_done(w: World) -> None:
    w.receive(w.drop(KEY, b"jane@example.com\n"))
    w.s3.objects.pop(KEY)

    w.redrive()
    w.run()

    assert not w.sqs.dead


@pytest.mark.parametrize("change", ["removed", "expired", "renamed"])
def test_remembered_audience_that_is_gone_at_tiktok_is_made_anew(w: World, change: str) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(49 * 3600)
    [old] = [str(a["id"]) for a in w.sim.audiences("foodies")]
    if change == "removed":
        w.sim.remove(old)
    else:
        w.sim.edit(old, **({"expire": True} if change == "expired" else {"name": "other"}))

    w.drop(FOLDER + "b.csv", hashes(5, 5))
    w.run()

    new: Any = w.receipt(FOLDER + "b.csv")
    assert new["audience_id"] != old
    assert new["call"] == "create"
    assert w.ids("foodies")[-1] == set(hashes(5, 5))
    [warning] = [text for text in new["warnings"] if "made anew" in text]
    assert KEY in warning


def test_audience_that_took_over_the_name_of_a_renamed_one_is_used(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(49 * 3600)
    w.sim.edit(str(w.sim.audiences("foodies")[0]["id"]), name="other")
    [successor] = w.sim.seed(name="foodies")

    w.drop(FOLDER + "b.csv", hashes(5, 5))
    w.run()

    receipt: Any = w.receipt(FOLDER + "b.csv")
    assert receipt["audience_id"] == successor
