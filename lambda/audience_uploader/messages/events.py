"""What arrives: an SQS record, and in its body an event from EventBridge."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audience_uploader.domain.message import SWEEP, Message
from audience_uploader.domain.outcomes import Refusal

_NOT_OURS = (
    "The message is not an S3 'Object Created' event from EventBridge; "
    "only this bucket's rule should write to the queue, so the message can be deleted."
)


@dataclass(frozen=True, slots=True)
class ObjectCreated:
    """The event's own words: the raw key, and whether an archive replayed or our sweep made it."""

    bucket: str
    key: str
    replayed: bool
    swept: bool = False


@dataclass(frozen=True, slots=True)
class SweepRequested:
    """The schedule's event, or one that a person sent: look for what no message tells of."""


def read_message(record: Mapping[str, Any]) -> Message:
    """Return the SQS record as the event source mapping hands it over."""
    attributes = record["attributes"]
    return Message(
        message_id=record["messageId"],
        receipt_handle=record["receiptHandle"],
        body=record["body"],
        receives=int(attributes["ApproximateReceiveCount"]),
        sent_at=int(attributes["SentTimestamp"]) / 1000,
    )


def read_event(body: str) -> ObjectCreated | SweepRequested:
    """Return the event in a message body; raises Refusal `bad_event` for anything else."""
    try:
        event = json.loads(body)
        kind = event["source"], event["detail-type"]
        if kind == ("aws.events", "Scheduled Event"):
            return SweepRequested()
        detail = event["detail"]
        bucket, key = detail["bucket"]["name"], detail["object"]["key"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Refusal("bad_event", _NOT_OURS) from error
    if kind != ("aws.s3", "Object Created") or not (
        isinstance(bucket, str) and isinstance(key, str)
    ):
        raise Refusal("bad_event", _NOT_OURS)
    return ObjectCreated(bucket, key, "replay-name" in event, detail.get("reason") == SWEEP)
