"""What arrives: an SQS record, and in its body the EventBridge event about one S3 object."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter

_NOT_OURS = (
    "The message is not an S3 'Object Created' event from EventBridge; "
    "only this bucket's rule should write to the queue, so the message can be deleted."
)


@dataclass(frozen=True, slots=True)
class ObjectCreated:
    """The event's own words: the raw key, and whether an archive replayed it."""

    bucket: str
    key: str
    created_at: float | None
    replayed: bool


def read_message(record: Mapping[str, Any]) -> Message:
    """The SQS record as the event source mapping hands it over.

    A message that carries `ErrorReason` was in the dead-letter queue before.
    """
    attributes = record["attributes"]
    return Message(
        message_id=record["messageId"],
        receipt_handle=record["receiptHandle"],
        body=record["body"],
        receives=int(attributes["ApproximateReceiveCount"]),
        sent_at=int(attributes["SentTimestamp"]) / 1000,
        redriven="ErrorReason" in record.get("messageAttributes", {}),
    )


def read_event(body: str) -> ObjectCreated:
    """The S3 event in a message body; raises DeadLetter `bad_event` for anything else."""
    try:
        event = json.loads(body)
        detail = event["detail"]
        bucket, key = detail["bucket"]["name"], detail["object"]["key"]
        kind = event["source"], event["detail-type"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise DeadLetter("bad_event", _NOT_OURS) from error
    if kind != ("aws.s3", "Object Created") or not (
        isinstance(bucket, str) and isinstance(key, str)
    ):
        raise DeadLetter("bad_event", _NOT_OURS)
    return ObjectCreated(bucket, key, _seconds(event.get("time")), "replay-name" in event)


def _seconds(time: object) -> float | None:
    try:
        return datetime.fromisoformat(str(time)).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
