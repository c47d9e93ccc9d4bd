"""Where receipts are, which drops have none, and which may be forgotten."""

import hashlib
import json
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_receipts import (
    ReceiptStore,
    WaitingNotes,
    receipt_key,
)
from audience_uploader.domain.outcomes import OutOfTime, Unavailable
from audience_uploader.domain.times import iso
from audience_uploader.domain.waiting_note import waiting_note_key
from support.events import BUCKET
from support.fake_s3 import FakeS3, client_error
from support.virtual_clock import START, VirtualClock

SHORT = ("tiktok/foodies/email_sha256/a.csv", "e1")
LONG = ("tiktok/foodies/email_sha256/" + "ü" * 498, "e1")
VERSIONS = pytest.mark.parametrize("version", [SHORT, LONG], ids=["short key", "long key"])


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3(VirtualClock().now)


@pytest.fixture
def receipts(s3: FakeS3) -> ReceiptStore:
    return ReceiptStore(JsonStore(s3, BUCKET))  # type: ignore[arg-type]


def time_left() -> float:
    return 60.0


def receipt(status: str = "delivered", at: float = START) -> dict[str, Any]:
    return {"status": status, "times": {"written_at": iso(at)}}


def test_receipt_lies_at_the_drops_own_key() -> None:
    assert receipt_key(SHORT) == "receipts/tiktok/foodies/email_sha256/a.csv/e1.json"


@pytest.mark.parametrize(
    ("key_of", "prefix"), [(receipt_key, "receipts"), (waiting_note_key, "state/waiting")]
)
def test_key_too_long_for_s3_is_replaced_by_its_hash(key_of: Any, prefix: str) -> None:
    fits = 1024 - len(f"{prefix}//e1.json")

    assert len(key_of(("k" * fits, "e1"))) == 1024
    digest = hashlib.sha256(b"k" * (fits + 1)).hexdigest()
    assert key_of(("k" * (fits + 1), "e1")) == f"{prefix}/long/{digest}/e1.json"


@VERSIONS
def test_receipt_is_found_once_written_and_only_for_its_version(
    receipts: ReceiptStore, version: tuple[str, str]
) -> None:
    assert receipts.find(version) is None

    receipts.write(version, receipt())

    assert receipts.find(version) == receipt()
    assert receipts.find((version[0], "e2")) is None


def test_drops_without_a_receipt_are_told_from_those_with_one(receipts: ReceiptStore) -> None:
    new = (LONG[0] + "ü", "e1")
    other = (SHORT[0], "e2")
    receipts.write_all({SHORT: receipt(), LONG: receipt("rejected")}, before_each=time_left)

    assert receipts.without([SHORT, LONG, new, other], "tiktok/foodies/") == {new, other}


def test_failing_s3_is_never_taken_for_a_missing_receipt(
    receipts: ReceiptStore, s3: FakeS3
) -> None:
    def fail(operation: str, key: str) -> None:
        raise client_error("SlowDown", 503)

    s3.before = fail

    for act in (
        lambda: receipts.find(SHORT),
        lambda: receipts.without([SHORT], "tiktok/foodies/"),
        lambda: receipts.write_all({SHORT: receipt()}, before_each=time_left),
        lambda: receipts.forget(SHORT, older_than=START),
    ):
        with pytest.raises(Unavailable):
            act()


def test_when_time_is_up_none_of_many_is_written_changed_or_forgotten(
    receipts: ReceiptStore,
) -> None:
    def time_up() -> None:
        raise OutOfTime

    receipts.write(SHORT, receipt())

    for act in (
        lambda: receipts.write_all({SHORT: receipt("rejected")}, before_each=time_up),
        lambda: receipts.change_all([SHORT], lambda _: receipt("skipped"), before_each=time_up),
        lambda: receipts.forget_all([SHORT], before_each=time_up),
    ):
        with pytest.raises(OutOfTime):
            act()
    assert receipts.find(SHORT) == receipt()


@VERSIONS
@pytest.mark.parametrize(
    ("written", "forgotten"), [(START - 1, True), (START, False), (START + 1, False)]
)
def test_only_a_receipt_older_than_the_message_is_forgotten(
    receipts: ReceiptStore, version: tuple[str, str], written: float, forgotten: bool
) -> None:
    receipts.write(version, receipt(at=written))

    receipts.forget(version, older_than=START)

    assert (receipts.find(version) is None) is forgotten


def test_receipt_that_is_written_anew_in_the_meantime_is_kept(
    receipts: ReceiptStore, s3: FakeS3
) -> None:
    def write_anew(operation: str, key: str) -> None:
        if operation == "delete":
            s3.before = lambda operation, key: None
            receipts.write(SHORT, receipt("rejected", START + 5))

    receipts.write(SHORT, receipt(at=START - 5))
    s3.before = write_anew

    receipts.forget(SHORT, older_than=START)

    assert receipts.find(SHORT) == receipt("rejected", START + 5)


def test_forgetting_what_is_not_there_changes_nothing(receipts: ReceiptStore, s3: FakeS3) -> None:
    receipts.forget(SHORT, older_than=START)

    assert not s3.objects


@VERSIONS
def test_note_says_that_a_drop_was_seen_waiting(s3: FakeS3, version: tuple[str, str]) -> None:
    notes = WaitingNotes(JsonStore(s3, BUCKET))  # type: ignore[arg-type]
    assert notes.find(version) is None

    notes.write(version, {"status": "waiting"})

    assert notes.find(version) == {"status": "waiting"}
    assert notes.find((version[0], "e2")) is None
    assert json.loads(s3.objects[waiting_note_key(version)].body) == {"status": "waiting"}
