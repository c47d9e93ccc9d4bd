"""What is wrong with one drop is its own outcome, and its wait is its own."""

import json
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore, receipt_key
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.drop_sets import DropSet
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import DeadLetter, RetryLater, Unreadable
from audience_uploader.domain.state_parts import SetMark
from audience_uploader.messages.events import ObjectCreated, read_event
from audience_uploader.observability import Observer
from aws_lambda_powertools import Logger, Metrics
from support.events import BUCKET
from support.fake_s3 import FakeS3
from support.fake_sqs import FakeSQS
from support.virtual_clock import VirtualClock

FOLDER = "tiktok/foodies/email_sha256/"
REFUSAL = DeadLetter("no_valid_rows", "Hash each identifier.")
DAY = 24 * 3600.0


def drop(name: str) -> Drop:
    return Drop(parse_key(FOLDER + name), f"etag-{name[-5:]}", 65, 1_700_000_000.0)


OWN, OTHER = drop("own.csv"), drop("other.csv")
PARTS = [drop(f"replace/june/{n}.csv") for n in range(3)]


class Bench:
    """Conclusions of one try for the message of the drop OWN."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.s3, self.sqs = FakeS3(self.clock.now), FakeSQS(self.clock.now)
        self.state = AudienceState("7000", "foodies")
        observer = Observer(Logger(service="c", level="CRITICAL"), Metrics(namespace="t"))
        objects = JsonStore(self.s3, BUCKET)  # type: ignore[arg-type]
        drops = DropStore(self.s3, BUCKET)  # type: ignore[arg-type]
        queue = Queue(self.sqs, url="queue", dead_letter_url="dlq")  # type: ignore[arg-type]
        deadline = Deadline(lambda: 900, timeout_seconds=900)
        invocation = Invocation(deadline, self.clock.now())
        receipts = ReceiptStore(objects)
        self.conclusions = Conclusions(
            self.state,
            Rejections(queue, objects, drops, observer, self.clock.now),
            ReceiptWriter(receipts, observer, self.clock.now, invocation),
            Skips(receipts, observer, self.clock.now),
            invocation,
            self.clock.now,
            base=30,
        )
        self.ends = DropOutcomes(OWN)

    def receipt(self, about: Drop) -> Any:
        found = self.s3.objects.get(receipt_key(about.version))
        return json.loads(found.body) if found else None

    @property
    def told(self) -> list[tuple[str, str]]:
        """Return key and reason of each dead letter."""
        events = [read_event(dead.body) for dead in self.sqs.dead]
        keys = [event.key for event in events if isinstance(event, ObjectCreated)]
        reasons = [dead.attributes["ErrorReason"] for dead in self.sqs.dead]
        return list(zip(keys, reasons, strict=True))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_refused_own_drop_is_left_to_its_message_which_has_the_original_body(
    bench: Bench,
) -> None:
    bench.conclusions.refuse(OWN, REFUSAL, bench.ends)

    assert bench.ends.own == REFUSAL
    assert not bench.sqs.dead
    assert bench.receipt(OWN) is None


def test_refused_other_drop_is_told_of_at_once_by_an_event_made_for_it(bench: Bench) -> None:
    bench.conclusions.refuse(OTHER, REFUSAL, bench.ends)

    assert bench.told == [(OTHER.key.key, "no_valid_rows")]
    assert bench.receipt(OTHER)["status"] == "rejected"
    assert bench.ends.concluded == {OTHER.version}
    assert bench.ends.own is None


def test_refused_set_has_one_dead_letter_and_a_receipt_for_each_part(bench: Bench) -> None:
    bench.conclusions.refuse_set(DropSet("june", PARTS, PARTS[1:]), REFUSAL, bench.ends)

    assert bench.told == [(PARTS[1].key.key, "no_valid_rows")], "an open part, to be redriven"
    assert [bench.receipt(part)["status"] for part in PARTS] == ["rejected"] * 3
    assert bench.ends.concluded == {part.version for part in PARTS}


@pytest.mark.parametrize("parts", [False, True], ids=["drop", "part of a set"])
def test_archived_object_is_refused_at_once_with_what_to_do(bench: Bench, parts: bool) -> None:
    error = Unreadable("InvalidObjectState")
    if parts:
        refusal = bench.conclusions.unreadable_part(PARTS, PARTS[1], error, bench.ends)
    else:
        bench.conclusions.unreadable(OWN, error, bench.ends)
        refusal = bench.ends.own if isinstance(bench.ends.own, DeadLetter) else None

    assert refusal
    assert refusal.reason == "unreadable"
    assert "restore" in refusal.message
    assert not bench.state.drop_waits


def test_object_that_may_not_be_read_waits_by_itself_for_a_day(bench: Bench) -> None:
    error = Unreadable("AccessDenied")
    waits = []
    began = bench.clock.now()
    while bench.ends.own is None or isinstance(bench.ends.own, RetryLater):
        bench.ends = DropOutcomes(OWN)
        bench.conclusions.unreadable(OWN, error, bench.ends)
        if isinstance(bench.ends.own, RetryLater):
            waits.append(bench.ends.own.delay)
            bench.clock.advance(bench.ends.own.delay)

    assert waits[:6] == [300, 600, 1200, 2400, 3600, 3600]
    assert DAY <= bench.clock.now() - began < DAY + 3600
    assert isinstance(bench.ends.own, DeadLetter)
    assert bench.ends.own.reason == "unreadable"
    assert "AccessDenied" in bench.ends.own.message
    assert not bench.state.drop_waits


def test_wait_of_another_drop_is_in_the_state_and_not_the_messages_outcome(bench: Bench) -> None:
    bench.conclusions.unreadable(OTHER, Unreadable("AccessDenied"), bench.ends)

    assert bench.ends.own is None
    wait = bench.state.drop_waits[OTHER.key.key]
    assert (wait.kind, wait.code) == (backoff.UNREADABLE, "AccessDenied")


def test_superseded_drop_waits_until_the_set_is_applied(bench: Bench) -> None:
    bench.state.last_set = SetMark("june", 1_700_000_100.0, 9)
    bench.state.superseding = True
    bench.conclusions.supersede([OWN], bench.ends)
    assert isinstance(bench.ends.own, RetryLater)
    assert bench.receipt(OWN) is None
    bench.state.superseding = False

    bench.conclusions.supersede([OWN], bench.ends)

    receipt = bench.receipt(OWN)
    assert (receipt["status"], receipt["superseded_by"]) == ("superseded", "june")


def test_removal_without_an_audience_is_done_with_a_warning(bench: Bench) -> None:
    bench.conclusions.nothing_to_take_out([OWN], bench.ends)

    assert bench.receipt(OWN)["status"] == "delivered"
    assert "nobody to take out" in bench.receipt(OWN)["warnings"][0]
    assert bench.state.removed_until == OWN.modified_at
