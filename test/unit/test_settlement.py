"""Each outcome of a message is carried out once, and a drop that waits has its note."""

import json
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import (
    ReceiptStore,
    WaitingNotes,
    receipt_key,
)
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import DeadLetter, Done, Outcome, RetryLater, Unavailable
from audience_uploader.domain.times import iso
from audience_uploader.domain.waiting_note import waiting_note_key
from audience_uploader.messages.events import read_message
from audience_uploader.messages.settlement import Settlement
from audience_uploader.observability import Observer
from aws_lambda_powertools import Logger, Metrics
from support.events import BUCKET, event_body, hashes
from support.fake_s3 import FakeS3, client_error
from support.fake_sqs import FakeSQS, Queued
from support.virtual_clock import VirtualClock

KEY = "tiktok/foodies/email_sha256/a.csv"
DAY = 24 * 3600.0
BUSY = RetryLater(backoff.AUDIENCE_BUSY, 900)
REFUSAL = DeadLetter("bad_key", "Copy the file to another key.")


class Bench:
    """A settlement on fakes, and one message about one drop."""

    def __init__(self, body: bytes = b"") -> None:
        self.clock = VirtualClock()
        self.s3, self.sqs = FakeS3(self.clock.now), FakeSQS(self.clock.now)
        observer = Observer(Logger(service="s", level="CRITICAL"), Metrics(namespace="t"))
        objects = JsonStore(self.s3, BUCKET)  # type: ignore[arg-type]
        drops = DropStore(self.s3, BUCKET)  # type: ignore[arg-type]
        queue = Queue(self.sqs, url="queue", dead_letter_url="dlq")  # type: ignore[arg-type]
        rejections = Rejections(queue, objects, drops, observer, self.clock.now)
        skips = Skips(ReceiptStore(objects), observer, self.clock.now)
        self.settlement = Settlement(
            queue, rejections, WaitingNotes(objects), skips, observer, self.clock.now
        )
        deadline = Deadline(lambda: 900, timeout_seconds=900)
        self.reader = DropReader(drops, deadline=deadline)
        self.deadline = deadline
        self.s3.store(KEY, body or "".join(f"{i}\n" for i in hashes(0, 5)).encode())
        found = drops.current(parse_key(KEY))
        assert found
        self.drop: Drop = found
        self.sent: Queued = self.sqs.send(event_body(KEY, found.etag, found.size))
        self.sent.receives, self.sent.received_at = 1, self.clock.now()

    def apply(self, outcome: Outcome, *, drop: bool = True) -> bool:
        message = read_message(self.sent.record())
        invocation = Invocation(self.deadline, self.clock.now(), message.receives)
        about = self.drop if drop else None
        return self.settlement.apply(message, about, outcome, invocation, self.reader)

    def stored(self, key: str) -> Any:
        found = self.s3.objects.get(key)
        return json.loads(found.body) if found else None

    @property
    def note(self) -> Any:
        return self.stored(waiting_note_key(self.drop.version))

    @property
    def receipt(self) -> Any:
        return self.stored(receipt_key(self.drop.version))

    @property
    def reasons(self) -> list[str]:
        return [dead.attributes["ErrorReason"] for dead in self.sqs.dead]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_done_message_may_be_deleted_and_nothing_is_written(bench: Bench) -> None:
    assert bench.apply(Done())

    assert list(bench.s3.objects) == [KEY]
    assert not bench.sqs.dead


def test_dead_letter_has_the_original_body_and_its_drop_a_rejected_receipt(bench: Bench) -> None:
    assert bench.apply(REFUSAL)

    assert [dead.body for dead in bench.sqs.dead] == [bench.sent.body]
    assert (bench.receipt["status"], bench.receipt["reason"]) == ("rejected", "bad_key")


def test_dead_letter_about_no_drop_writes_no_receipt(bench: Bench) -> None:
    assert bench.apply(REFUSAL, drop=False)

    assert bench.reasons == ["bad_key"]
    assert list(bench.s3.objects) == [KEY]


def test_dead_letter_that_sqs_does_not_take_leaves_no_receipt(bench: Bench) -> None:
    def fail(operation: str) -> None:
        raise client_error("ServiceUnavailable", 503)

    bench.sqs.before = fail

    with pytest.raises(Unavailable):
        bench.apply(REFUSAL)
    assert bench.receipt is None


def test_message_to_be_retried_is_hidden_and_its_drop_has_a_note_with_its_rows(
    bench: Bench,
) -> None:
    assert not bench.apply(BUSY)

    assert bench.sent.visible_at == bench.clock.now() + 900
    assert bench.note["waits_for"] == backoff.AUDIENCE_BUSY
    assert bench.note["rows"]["valid"] == 5
    assert bench.note["next_try_at"] == iso(bench.clock.now() + 900)


def test_drop_is_read_for_its_note_only_once(bench: Bench) -> None:
    bench.apply(BUSY)
    read: list[str] = []
    bench.s3.before = lambda operation, key: read.append(key)

    bench.apply(BUSY)

    assert KEY not in read
    assert bench.note["rows"]["valid"] == 5


@pytest.mark.parametrize(
    "kind",
    [backoff.LEASE_TAKEN, backoff.MORE_TO_DO, backoff.UNEXPECTED, backoff.SET_INCOMPLETE],
)
def test_short_wait_or_a_bug_makes_no_note(bench: Bench, kind: str) -> None:
    assert not bench.apply(RetryLater(kind, 30))

    assert bench.note is None


def test_unreadable_drop_gets_its_note_without_being_read(bench: Bench) -> None:
    read: list[str] = []
    bench.s3.before = lambda operation, key: read.append(key)

    assert not bench.apply(RetryLater(backoff.UNREADABLE, 300, "AccessDenied"))

    assert KEY not in read
    assert bench.note["code"] == "AccessDenied"


def test_bad_drop_is_told_of_before_its_first_wait() -> None:
    bench = Bench(b"jane@example.com\n")

    assert bench.apply(BUSY)

    assert bench.reasons == ["no_valid_rows"]
    assert bench.receipt["rows"]["read"] == 1


def test_drop_without_rows_is_skipped_before_its_first_wait() -> None:
    bench = Bench(b"email_sha256\n")

    assert bench.apply(BUSY)

    assert (bench.receipt["status"], bench.receipt["reason"]) == ("skipped", "no_rows")
    assert not bench.sqs.dead


def test_bug_in_reading_for_the_note_lets_the_message_wait_all_the_same(bench: Bench) -> None:
    def fail(operation: str, key: str) -> None:
        if (operation, key) == ("get", KEY):
            raise ZeroDivisionError

    bench.s3.before = fail

    assert not bench.apply(BUSY)

    assert bench.sent.visible_at == bench.clock.now() + 900
    assert bench.note["rows"] is None


@pytest.mark.parametrize(("days", "given_up"), [(12.9, False), (13.1, True)])
def test_message_of_13_days_is_given_up(bench: Bench, days: float, given_up: bool) -> None:
    bench.clock.advance(days * DAY)
    bench.sent.received_at = bench.clock.now()

    assert bench.apply(BUSY) is given_up

    assert bench.reasons == (["gave_up"] if given_up else [])


@pytest.mark.parametrize(("receives", "given_up"), [(989, False), (990, True)])
def test_message_is_given_up_before_the_queue_takes_it_away(
    bench: Bench, receives: int, given_up: bool
) -> None:
    bench.sent.receives = receives

    assert bench.apply(BUSY) is given_up
