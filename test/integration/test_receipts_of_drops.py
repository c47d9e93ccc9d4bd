"""What a person finds of a drop: its receipt, or the waiting note."""

import gzip
import hashlib
import json
from typing import Any

import pytest
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"


def lines(*ids: str) -> bytes:
    return "".join(f"{i}\n" for i in ids).encode()


def test_receipt_of_a_delivered_drop_answers_what_happened_to_it(w: World) -> None:
    body = b"email_sha256\n" + lines(*hashes(0, 3)) + b"jane@example.com\n\n"
    w.receive(w.drop(KEY, body))

    receipt: Any = w.receipt(KEY)

    [upload] = w.sim.uploads()
    [create] = w.sim.calls("create")
    assert receipt["status"] == "delivered"
    assert receipt["drop"] == {"key": KEY, "etag": w.s3.objects[KEY].etag[1:-1], "bytes": len(body)}
    assert receipt["audience_name"] == "foodies"
    assert receipt["audience_digest"] == hashlib.sha256(b"foodies").hexdigest()[:12]
    assert receipt["audience_id"] == w.sim.audiences("foodies")[0]["id"]
    assert (receipt["action"], receipt["call"]) == ("append", "create")
    assert receipt["calculate_type"] == "EMAIL_SHA256"
    assert receipt["outcome"] is None
    assert receipt["rows"]["valid"] == 3
    assert receipt["rows"]["rejected"]["raw_email"] == {"count": 1, "first_lines": [5]}
    assert receipt["uploads"] == [{"bytes": 195, "rows": 3, "request_id": upload["request_id"]}]
    assert receipt["request_id"] == create["request_id"]
    assert set(receipt["times"]) == {"dropped_at", "started_at", "accepted_at", "written_at"}
    assert receipt["attempts"] == 1
    assert "jane" not in json.dumps(receipt)


@pytest.mark.parametrize(
    ("ids", "seeded", "warned"),
    [
        (hashes(0, 999), False, True),
        (hashes(0, 999) * 2, False, True),
        (hashes(0, 1000), False, False),
        (hashes(0, 5), True, False),
    ],
    ids=["999 ids", "999 ids twice", "1,000 ids", "appended"],
)
def test_receipt_warns_of_fewer_than_1000_different_ids_in_a_new_audience(
    w: World, ids: list[str], seeded: bool, warned: bool
) -> None:
    if seeded:
        w.sim.seed(name="foodies")

    w.receive(w.drop(KEY, ids))

    receipt: Any = w.receipt(KEY)
    assert any("1,000" in warning for warning in receipt["warnings"]) is warned


def test_ids_of_all_drops_of_a_call_count_towards_the_1000(w: World) -> None:
    w.drop(KEY, hashes(0, 600))
    w.drop(FOLDER + "b.csv", hashes(600, 400))

    w.run()

    receipt: Any = w.receipt(KEY)
    assert receipt["warnings"] == []


def test_receipt_warns_of_raw_identifiers(w: World) -> None:
    w.receive(w.drop(KEY, lines(*hashes(0, 3)) + b"jane@example.com\n"))

    receipt: Any = w.receipt(KEY)
    assert any("hash before you upload" in warning for warning in receipt["warnings"])


def test_attempts_count_the_receives_it_took(w: World) -> None:
    w.sim.faults.add({"kind": "http", "value": 502, "times": 6})
    w.drop(KEY, hashes(0, 5))

    w.run()

    receipt: Any = w.receipt(KEY)
    assert receipt["attempts"] == 3


def test_waiting_drop_is_told_from_others_by_its_waiting_note(
    w: World,
) -> None:
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    w.write(FOLDER + "unseen.csv", hashes(50, 5))
    w.come(w.drop(KEY, gzip.compress(lines(*hashes(5, 5)), mtime=0)))

    notes = {k: json.loads(o.body) for k, o in w.s3.objects.items() if "waiting" in k}

    [(key, note)] = notes.items()
    assert key == f"state/waiting/{KEY}/{w.s3.objects[KEY].etag[1:-1]}.json"
    assert (note["status"], note["waits_for"]) == ("waiting", "audience_busy")
    assert note["rows"]["valid"] == 5
    assert not w.receipt(KEY)
    w.run()
    assert w.receipt(KEY)


def test_note_is_written_once_however_often_the_drop_waits(w: World) -> None:
    reads: list[str] = []
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    message = w.drop(KEY, hashes(5, 5))
    w.come(message)
    w.s3.before = lambda operation, key: reads.append(key) if operation == "get" else None

    for _ in range(3):
        w.come(message)

    assert KEY not in reads


def test_drops_of_long_keys_are_found_done_by_their_hashed_receipts(w: World) -> None:
    key = FOLDER + "k" * (1024 - len(FOLDER))
    w.receive(w.drop(key, hashes(0, 5)))
    calls = len(w.called())

    receipt: Any = w.receipt(key)
    assert receipt["status"] == "delivered"
    w.sim.set_options(processing_seconds=0.0)
    w.advance(50 * 3600)
    w.receive(w.drop(FOLDER + "b.csv", hashes(5, 5)))
    assert w.called()[calls:] == ["get", "upload", "update"]
    uploads: Any = w.sim.uploads()
    assert uploads[-1]["rows"] == 5


def test_every_spelling_of_the_format_is_one_format_and_others_are_not_taken_along(
    w: World,
) -> None:
    w.drop("tiktok/foodies/email_sha256/a.csv", hashes(0, 5))
    w.drop("tiktok/foodies/EMAIL_SHA256/a.csv", hashes(5, 5))
    w.drop("tiktok/foodies/Email_Sha256/deep/er/a.csv", hashes(10, 5))
    w.drop("tiktok/foodies/phone_sha256/a.csv", hashes(15, 5))
    w.drop("tiktok/foodies/email_sha256/_SUCCESS", b"x")
    w.drop("tiktok/foodies2/email_sha256/a.csv", hashes(20, 5))

    w.run()

    assert w.ids("foodies") == [set(hashes(0, 15))]
    assert w.ids("foodies2") == [set(hashes(20, 5))]
    assert w.reasons() == ["other_id_type"]


@pytest.mark.parametrize("name", ["a+b", "100%25", "a & b", "食通", "🍜" * 128, "waiting"])
def test_audience_has_exactly_the_name_in_the_key(w: World, name: str) -> None:
    w.receive(w.drop(f"tiktok/{name}/gaid_sha256/a.csv", hashes(0, 5)))

    assert [(a["name"], a["calculate_type"]) for a in w.sim.audiences()] == [(name, "GAID_SHA256")]
    assert w.record(name)["audience_name"] == name


def test_later_drop_asks_for_the_remembered_audience_and_needs_no_list(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)
    w.sim.seed(name="other", count=230)
    w.receive(w.drop(KEY, hashes(0, 5)))
    assert w.called() == ["list", "list", "list", "upload", "create"]
    w.sim.world.calls.clear()
    w.app = w.new_app()

    w.receive(w.drop(FOLDER + "b.csv", hashes(5, 5)))

    assert w.called() == ["get", "upload", "update"]
