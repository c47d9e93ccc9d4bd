"""The queue and its dead-letter queue: what the function may say to SQS."""

import json
import math
import re
from typing import TYPE_CHECKING

from audience_uploader.adapters.aws_errors import calling
from audience_uploader.domain.backoff import LONGEST_HIDE
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_TEXT = 1_000  # characters of an ErrorMessage
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Queue:
    """The queue that messages come from, and its dead-letter queue."""

    def __init__(self, sqs: "SQSClient", *, url: str, dead_letter_url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._dead_letter_url = dead_letter_url

    def hide(self, message: Message, *, seconds: float, received_ago: float) -> None:
        """Hide the message for so long; it must then be reported as not done.

        SQS counts its 12 h from the receive, `received_ago` seconds back.
        """
        longest = LONGEST_HIDE - math.ceil(received_ago)
        with calling("sqs"):
            self._sqs.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=message.receipt_handle,
                VisibilityTimeout=int(min(max(0, math.ceil(seconds)), longest)),
            )

    def dead_letter(self, body: str, refusal: DeadLetter) -> None:
        """Put a body into the DLQ, with the reason written on it."""
        texts = {"ErrorReason": refusal.reason, "ErrorMessage": refusal.message}
        with calling("sqs"):
            self._sqs.send_message(
                QueueUrl=self._dead_letter_url,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": _attribute(text)}
                    for name, text in texts.items()
                },
            )

    def send(self, body: str) -> None:
        """Put a message into the queue itself, as EventBridge would."""
        with calling("sqs"):
            self._sqs.send_message(QueueUrl=self._url, MessageBody=body, MessageAttributes={})


def event_body(bucket: str, drop: Drop, *, reason: str) -> str:
    """Return an Object Created event for a drop, as a message body; `reason` says who made it."""
    found = {"key": drop.key.key, "etag": drop.etag, "size": drop.size}
    detail = {"version": "0", "bucket": {"name": bucket}, "object": found, "reason": reason}
    event = {"version": "0", "source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    return json.dumps(event, ensure_ascii=False)


def _attribute(text: str) -> str:
    return _NOT_IN_XML.sub("?", text)[:LONGEST_TEXT] or "?"
