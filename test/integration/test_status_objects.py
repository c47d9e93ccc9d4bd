"""`status/<audience>.json` and receipts: exactly the fields that people and programs read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audience_uploader.domain.times import from_iso
from support.world import HOUR, World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
FIELDS = {
    "audience_name", "audience_id", "calculate_type", "state", "is_expiring", "since", "size",
    "what_to_do", "expires_at", "checked_at", "last_change", "waiting", "rejected", "history",
}  # fmt: skip
DAY = 24 * HOUR


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    """Make a stack whose TikTok processes each change for two hours."""
    with world(tmp_path, processing_seconds=2 * HOUR) as made:
        yield made


def swept(w: World, name: str = "foodies") -> dict[str, Any]:
    w.sweep()
    found = w.status(name)
    assert found
    assert set(found) == FIELDS
    return found


def test_status_follows_an_audience_from_its_first_file_to_its_end(w: World) -> None:
    w.write(KEY, hashes(0, 5))
    status = swept(w)
    assert (status["state"], status["audience_id"], status["size"]) == ("not_created", None, None)
    assert status["calculate_type"] == "EMAIL_SHA256"
    assert status["waiting"]["drops"] == 1

    w.run(hours=1)
    w.advance(HOUR)
    w.sweep()
    w.run(hours=1)
    status = swept(w)
    [there] = w.sim.audiences("foodies")
    assert (status["state"], status["audience_id"]) == ("processing", there["id"])
    assert status["waiting"] is None
    change = status["last_change"]
    assert set(change) == {"action", "at", "rows", "outcome", "request_id"}
    assert (change["action"], change["rows"], change["outcome"]) == ("append", 5, None)
    receipt: Any = w.receipt(KEY)
    assert change["request_id"] == receipt["request_id"]

    w.advance(3 * HOUR)
    status = swept(w)
    assert (status["state"], status["size"], status["what_to_do"]) == ("ready", 5, None)
    assert status["last_change"]["outcome"]["state"] == "ready"
    assert [size for _, size in status["history"]] == [5]
    assert from_iso(status["since"]) == from_iso(status["checked_at"]) == w.now()
    assert status["expires_at"].endswith("Z"), "in UTC, wherever it is read"
    assert from_iso(status["expires_at"]) > w.now() + 300 * DAY

    w.receive(w.drop(FOLDER + "b.csv", hashes(5, 5)))
    assert swept(w)["state"] == "ready", "also while a change is open"
    w.sim.edit(str(there["id"]), expire=True)
    w.advance(DAY)
    assert swept(w)["state"] == "expired"


def test_expiring_audience_is_shown_beside_its_state_with_what_to_do(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(330 * DAY)

    status = swept(w)

    assert (status["state"], status["is_expiring"]) == ("ready", True)
    assert "ad group" in status["what_to_do"]


def test_waiting_says_how_many_drops_for_what_and_until_when(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    messages = [w.drop(f"{FOLDER}{n}.csv", hashes(n, 1)) for n in range(3)]
    w.come(messages[0])

    status = swept(w)

    assert set(status["waiting"]) == {"drops", "for", "until"}
    assert (status["waiting"]["drops"], status["waiting"]["for"]) == (3, "audience_busy")
    assert from_iso(status["waiting"]["until"]) == messages[0].visible_at


def test_rejected_are_listed_with_key_reason_message_and_time_until_they_are_delivered(
    w: World,
) -> None:
    w.receive(w.drop(KEY, b"jane@example.com\n"))
    [rejected] = swept(w)["rejected"]
    receipt: Any = w.receipt(KEY)
    assert rejected == {
        "key": KEY,
        "reason": "no_valid_rows",
        "message": receipt["message"],
        "at": receipt["times"]["written_at"],
    }

    w.advance(1)
    w.receive(w.drop(KEY, hashes(0, 5)))
    assert swept(w)["rejected"] == []


def test_rejected_drop_of_a_long_key_is_listed_too(w: World) -> None:
    key = FOLDER + "x" * (1024 - len(FOLDER) - 4) + ".csv"
    w.receive(w.drop(key, b"jane@example.com\n"))

    assert [r["key"] for r in swept(w)["rejected"]] == [key]


def test_rejected_are_forgotten_after_30_days(w: World) -> None:
    w.receive(w.drop(KEY, b"jane@example.com\n"))
    w.sweep()
    w.advance(31 * DAY)

    assert swept(w)["rejected"] == []


def test_status_is_written_only_when_something_changed_or_once_a_day(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(3 * HOUR)
    w.sweep()
    written: list[str] = []
    w.s3.before = lambda operation, key: written.append(key) if operation == "put" else None
    for _ in range(10):
        w.advance(HOUR)
        w.sweep()
    assert "status/foodies.json" not in written

    w.advance(15 * HOUR)
    w.sweep()

    assert written.count("status/foodies.json") == 1


def test_what_tiktok_made_of_too_few_people_is_shown_with_what_to_do(tmp_path: Path) -> None:
    with world(tmp_path, processing_seconds=2 * HOUR, floor=1000) as w:
        w.receive(w.drop(KEY, hashes(0, 5)))
        w.advance(47 * HOUR)
        assert swept(w)["state"] == "processing"
        w.advance(HOUR)

        status = swept(w)

        assert status["state"] == "too_small"
        assert "Delete" in status["what_to_do"] or "delete" in status["what_to_do"]
        assert status["last_change"]["outcome"]["state"] == "too_small"


def test_failed_create_is_shown_as_failed(w: World) -> None:
    w.sim.faults.add({"kind": "fails_later", "endpoint": "create", "message": "Bad.", "times": 1})
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(3 * HOUR)

    status = swept(w)

    assert status["state"] == "failed"
    assert status["what_to_do"]
    assert [r["reason"] for r in status["rejected"]] == ["tiktok_failed"]


RECEIPT = {
    "status", "drop", "audience_name", "audience_digest", "audience_id", "action", "call", "set",
    "calculate_type", "rows", "uploads", "request_id", "times", "attempts", "warnings",
    "superseded_by", "outcome",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "body", "status", "more"),
    [
        ("a.csv", b"0" * 63 + b"1\n", "delivered", set()),
        ("a.csv", b"jane@example.com\n", "rejected", {"reason", "message", "dead_lettered_at"}),
        ("a.csv", b"email_sha256\n", "skipped", {"reason", "message"}),
        ("a.csv", b"", "skipped", {"reason", "message"}),
        ("_SUCCESS", b"x", "skipped", {"reason", "message"}),
        ("x.metadata", b"x", "skipped", {"reason", "message"}),
        ("delete/x.csv", b"x", "rejected", {"reason", "message", "dead_lettered_at"}),
    ],
)
def test_receipt_of_each_end_has_the_same_fields(
    w: World, name: str, body: bytes, status: str, more: set[str]
) -> None:
    w.receive(w.drop(FOLDER + name, body))

    found: Any = w.receipt(FOLDER + name)

    assert found["status"] == status
    assert set(found) == RECEIPT | more
    assert found["outcome"] is None
    assert found["superseded_by"] is None
