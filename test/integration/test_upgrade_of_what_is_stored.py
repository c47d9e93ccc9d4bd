"""Records, receipts, waiting notes and messages that version 0.1.0 wrote are understood."""

import json
from typing import Any

import pytest
from audience_uploader.adapters.s3_receipts import receipt_key
from audience_uploader.domain.times import iso
from audience_uploader.domain.waiting_note import waiting_note_key
from support.world import HOUR, World, event_body, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
ROWS = {"read": 5, "header": 0, "valid": 5, "rejected": {}}


def stored_record(w: World, **fields: object) -> None:
    """Store a state record with exactly the fields of version 0.1.0."""
    record = {
        "advertiser_id": w.sim.advertiser_id,
        "audience_name": "foodies",
        "audience_id": None,
        "changed_at": None,
        "lease": None,
        "crashes": 0,
        "wait": None,
        "busy_since": None,
        "create": None,
        "accepted": None,
        "kept": None,
        "slow": {},
        "nonce": "0f",
        **fields,
    }
    w.s3.store(f"state/{w.sim.advertiser_id}/foodies.json", json.dumps(record).encode())


def version(w: World) -> tuple[str, str]:
    return KEY, w.s3.objects[KEY].etag.strip('"')


def batch(w: World, file_path: str, **fields: object) -> dict[str, object]:
    """Return the batch of one drop and its upload, as 0.1.0 wrote it."""
    key, etag = version(w)
    drop = {"key": key, "etag": etag, "size": 325, "dropped_at": w.now(), "rows": ROWS}
    drop |= {"uploads": [0], "warnings": []}
    upload = {"file_path": file_path, "size": 325, "rows": 5, "request_id": "r1"}
    return {
        "at": w.now(),
        "calculate_type": "EMAIL_SHA256",
        "drops": [drop],
        "uploads": [upload],
        "distinct": 5,
        **fields,
    }


def stored_receipt(w: World, **fields: object) -> None:
    """Store a receipt with the fields of version 0.1.0: no outcome, no call."""
    key, etag = version(w)
    now = iso(w.now())
    receipt = {
        "status": "delivered",
        "drop": {"key": key, "etag": etag, "bytes": 325},
        "audience_name": "foodies",
        "audience_digest": "ce21d2db0328",
        "audience_id": "7300000000001000003",
        "action": "create",
        "calculate_type": "EMAIL_SHA256",
        "rows": ROWS,
        "uploads": [{"bytes": 325, "rows": 5, "request_id": "r1"}],
        "request_id": "r2",
        "times": {"dropped_at": now, "started_at": now, "written_at": now, "accepted_at": now},
        "attempts": 1,
        "warnings": [],
        **fields,
    }
    w.s3.store(receipt_key((key, etag)), json.dumps(receipt).encode())


def stored_note(w: World) -> None:
    """Store the waiting note of version 0.1.0."""
    key, etag = version(w)
    note = {
        "status": "waiting",
        "waits_for": "audience_busy",
        "drop": {"key": key, "etag": etag, "bytes": 325},
        "audience_name": "foodies",
        "rows": ROWS,
        "first_seen_waiting_at": iso(w.now() - HOUR),
        "looked_at_again_at": iso(w.now()),
    }
    w.s3.store(waiting_note_key((key, etag)), json.dumps(note).encode())


REJECTED: dict[str, Any] = {
    "status": "rejected",
    "audience_id": None,
    "action": None,
    "reason": "no_valid_rows",
    "message": "None of the rows is a hash.",
    "uploads": [],
    "rows": None,
    "dead_lettered_message": None,
}


def test_known_audience_of_an_old_record_is_used_without_a_list(w: World) -> None:
    [there] = w.sim.seed(name="foodies")
    stored_record(w, audience_id=there, changed_at=iso(w.now() - 60 * HOUR))

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called() == ["get", "upload", "update"]
    receipt: Any = w.receipt(KEY)
    assert (receipt["action"], receipt["call"]) == ("append", "update")


def test_wait_of_an_old_record_is_kept(w: World) -> None:
    wait = {"kind": "audience_busy", "count": 2, "since": iso(w.now() - HOUR)}
    wait |= {"not_before": iso(w.now() + 600), "drop": KEY}
    stored_record(w, wait=wait)

    assert w.come(w.drop(KEY, hashes(0, 5))) == 600

    note: Any = w.note(KEY)
    assert (note["waits_for"], note["waiting_since"]) == ("audience_busy", iso(w.now() - HOUR))
    assert not w.called()


def test_expired_lease_of_an_old_record_is_a_crash(w: World) -> None:
    lease = {"owner": "x", "expires_at": iso(w.now() - 1), "drop": KEY}
    stored_record(w, lease=lease, crashes=4)

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.reasons() == ["crashed"]


def test_lost_create_of_an_old_record_is_found_and_not_sent_again(w: World) -> None:
    w.write(KEY, hashes(0, 5))
    w.sim.seed(name="foodies", ids=hashes(0, 5))
    stored_record(w, create=batch(w, "f1"))
    w.sqs.send(event_body(*version(w), 325))

    w.run()

    receipt: Any = w.receipt(KEY)
    assert (receipt["status"], receipt["action"], receipt["call"]) == (
        "delivered",
        "append",
        "create",
    )
    assert not w.called("create")
    assert w.ids("foodies") == [set(hashes(0, 5))]


@pytest.mark.parametrize(("action", "call"), [("create", "create"), ("append", "update")])
def test_receipts_owed_by_an_old_record_are_written(w: World, action: str, call: str) -> None:
    [there] = w.sim.seed(name="foodies")
    w.write(KEY, hashes(0, 5))
    accepted = {"action": action, "at": w.now(), "audience_id": there, "request_id": "r9"}
    accepted |= {"partial": False, "batch": batch(w, "f1")}
    stored_record(w, audience_id=there, accepted=accepted)

    assert w.receive(w.sqs.send(event_body(*version(w), 325)))

    receipt: Any = w.receipt(KEY)
    assert (receipt["status"], receipt["request_id"]) == ("delivered", "r9")
    assert (receipt["action"], receipt["call"]) == ("append", call)
    assert not {"create", "update"} & set(w.called())


def test_uploads_kept_by_an_old_record_are_sent_without_reading_the_drop_again(w: World) -> None:
    [there] = w.sim.seed(name="foodies", ids=[])
    w.sim.faults.add(
        {
            "kind": "code",
            "value": 40002,
            "message": "not editable",
            "times": 1,
            "endpoint": "update",
        }
    )
    message = w.drop(KEY, hashes(0, 5))
    w.come(message)
    file_path = w.record("foodies")["kept"]["uploads"][0]["file_path"]
    stored_record(w, audience_id=there, kept=batch(w, file_path))

    w.run()

    assert w.called("upload") == ["upload"]
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_delivered_receipt_of_old_makes_a_message_done_and_survives_a_sweep(w: World) -> None:
    [there] = w.sim.seed(name="foodies")
    message = w.drop(KEY, hashes(0, 5))
    stored_receipt(w, audience_id=there)
    stored_record(w, audience_id=there, changed_at=iso(w.now()))

    assert w.receive(message)
    w.sweep()

    assert not w.called("update")
    receipt: Any = w.receipt(KEY)
    assert (receipt["status"], receipt["action"]) == ("delivered", "create")
    status: Any = w.status("foodies")
    assert status["audience_id"] == there


def test_rejected_receipt_that_old_code_owed_a_dead_letter_gets_it(w: World) -> None:
    w.advance(5)
    message = w.drop(KEY, b"jane@example.com\n")
    w.advance(1)
    stored_receipt(w, **REJECTED, dead_lettered_at=None)

    assert w.receive(message)

    assert w.reasons() == ["no_valid_rows"]
    assert w.sqs.dead[0].body == message.body
    receipt: Any = w.receipt(KEY)
    assert receipt["dead_lettered_at"]


def test_rejected_receipt_that_old_code_told_of_makes_the_message_done(w: World) -> None:
    message = w.drop(KEY, b"jane@example.com\n")
    stored_receipt(w, **REJECTED, dead_lettered_at=iso(w.now()))

    assert w.receive(message)

    assert not w.sqs.dead


def test_dead_letter_of_old_is_delivered_when_redriven_after_the_file_was_corrected(
    w: World,
) -> None:
    etag = w.write(KEY, hashes(0, 5))
    stored_receipt(w, **REJECTED, dead_lettered_at=iso(w.now()))
    w.advance(60)

    told = {"ErrorReason": "no_valid_rows", "ErrorMessage": "None of the rows is a hash."}
    assert w.receive(w.sqs.send(event_body(KEY, etag, 325), **told))

    assert w.ids("foodies") == [set(hashes(0, 5))]
    receipt: Any = w.receipt(KEY)
    assert receipt["status"] == "delivered"


def test_waiting_note_of_old_keeps_since_when_the_drop_waits(w: World) -> None:
    w.sim.seed(name="foodies", is_valid=False)
    began = iso(w.now() - HOUR)
    message = w.drop(KEY, hashes(0, 5))
    stored_note(w)

    w.come(message)

    note: Any = w.note(KEY)
    assert note["first_seen_waiting_at"] == began
    assert note["rows"] == ROWS
    assert note["next_try_at"] == iso(w.now() + 900)


@pytest.mark.parametrize(("rows", "sent"), [(49, False), (50, True)])
def test_first_set_after_old_appends_is_measured_against_the_people_that_tiktok_shows(
    w: World, rows: int, sent: bool
) -> None:
    [there] = w.sim.seed(name="foodies", ids=hashes(0, 100))
    stored_record(w, audience_id=there, changed_at=iso(w.now() - 60 * HOUR))
    part = FOLDER + "replace/june/0.csv"

    w.drop(part, hashes(500, rows))
    w.run()

    assert w.reasons() == ([] if sent else ["shrinks_too_much"])
    assert w.ids("foodies") == [set(hashes(500, rows) if sent else hashes(0, 100))]
    if not sent:
        w.advance(60)
        w.drop(FOLDER + "replace/june/_CONFIRMED", b"")
        w.run()
        assert w.ids("foodies") == [set(hashes(500, rows))]


def test_first_set_after_old_appends_and_a_new_one_is_measured_in_the_same_way(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)
    [there] = w.sim.seed(name="foodies", ids=hashes(0, 100))
    stored_record(w, audience_id=there, changed_at=iso(w.now() - 60 * HOUR))
    w.receive(w.drop(KEY, hashes(100, 5)))
    w.advance(60)

    w.drop(FOLDER + "replace/june/0.csv", hashes(500, 20))
    w.run()

    assert w.reasons() == ["shrinks_too_much"]


def test_audience_that_we_never_appended_to_is_not_guarded_before_its_first_set(w: World) -> None:
    w.sim.seed(name="foodies", ids=hashes(0, 100))

    w.drop(FOLDER + "replace/june/0.csv", hashes(500, 5))
    w.run()

    assert w.ids("foodies") == [set(hashes(500, 5))]
