"""Which message bodies are events of ours, and what they say."""

import json
from typing import Any

import pytest
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import Refusal
from audience_uploader.messages.events import (
    ObjectCreated,
    SweepRequested,
    read_event,
    read_message,
)
from support.events import BUCKET, event_body

KEY = "tiktok/a+b%20c/email_sha256/ü.csv"


def event(**changes: Any) -> dict[str, Any]:
    return {**json.loads(event_body(KEY, "etag", 5)), **changes}


@pytest.mark.parametrize(
    ("changes", "replayed"),
    [
        ({}, False),
        ({"version": "1", "another-field": [1, {"x": None}]}, False),
        ({"time": None}, False),
        ({"time": "yesterday"}, False),
        ({"replay-name": "again"}, True),
        ({"replay-name": ""}, True),
    ],
    ids=["plain", "other version and more fields", "no time", "odd time", "replay", "empty replay"],
)
def test_event_gives_its_raw_key_and_whether_it_is_replayed(
    changes: dict[str, Any], replayed: bool
) -> None:
    found = read_event(json.dumps(event(**changes)))

    assert isinstance(found, ObjectCreated)
    assert (found.bucket, found.key, found.replayed) == (BUCKET, KEY, replayed)


def test_event_lacking_what_is_not_needed_is_read_all_the_same() -> None:
    detail = {"bucket": {"name": BUCKET}, "object": {"key": KEY}}
    body = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}

    assert read_event(json.dumps(body)) == ObjectCreated(BUCKET, KEY, False)


@pytest.mark.parametrize(
    "body",
    [
        "", "nonsense", "{", "null", "true", "5", '"text"', "[]", "[1]", "{}", "\x00",
        json.dumps(event(detail=None)),
        json.dumps(event(detail="text")),
        json.dumps(event(detail=[])),
        json.dumps(event(detail={"bucket": BUCKET, "object": {"key": KEY}})),
        json.dumps(event(detail={"bucket": {"name": BUCKET}})),
        json.dumps(event(detail={"bucket": {"name": BUCKET}, "object": {"key": 5}})),
        json.dumps(event(detail={"bucket": {"name": None}, "object": {"key": KEY}})),
        json.dumps(event(source="my.app")),
        json.dumps(event(source=["aws.s3"])),
        json.dumps({"id": "1", "detail-type": "Object Deleted", "source": "aws.s3"}),
        json.dumps(event(**{"detail-type": "Object Deleted"})),
        json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}),
        json.dumps({"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": KEY}}}]}),
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"detail": ' + "9" * 5000 + "}",
        "NaN",
    ],
)  # fmt: skip
def test_body_that_is_no_event_of_ours_is_dead_lettered_as_bad_event(body: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_event(body)

    assert refusal.value.reason == "bad_event"
    assert "can be deleted" in refusal.value.message


def record(**attributes: dict[str, str]) -> dict[str, Any]:
    return {
        "messageId": "m",
        "receiptHandle": "h",
        "body": "b",
        "attributes": {"ApproximateReceiveCount": "7", "SentTimestamp": "1800000000123"},
        "messageAttributes": attributes,
    }


def test_message_knows_its_age_and_its_receives() -> None:
    found = read_message(record(ErrorReason={"stringValue": "crashed"}))

    assert found == Message("m", "h", "b", 7, 1_800_000_000.123)


@pytest.mark.parametrize("extra", [{}, {"id": "1", "time": "t", "resources": [], "detail": {}}])
def test_scheduled_event_asks_for_a_sweep_with_or_without_its_other_fields(
    extra: dict[str, Any],
) -> None:
    body = {"source": "aws.events", "detail-type": "Scheduled Event", **extra}

    assert read_event(json.dumps(body)) == SweepRequested()


def test_message_without_attributes_of_its_own_is_read() -> None:
    bare = record()
    del bare["messageAttributes"]

    assert read_message(bare).receives == 7
