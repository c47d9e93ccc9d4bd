"""The two things a message can be told besides success: come back later, or go to the DLQ."""

import math
import re
from typing import TYPE_CHECKING

from audience_uploader.adapters.aws_errors import calling
from audience_uploader.domain.backoff import LONGEST_HIDE
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_TEXT = 1_000  # characters of an ErrorMessage
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Queue:
    """The queue a message came from, and its dead-letter queue."""

    def __init__(self, sqs: "SQSClient", *, url: str, dead_letter_url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._dead_letter_url = dead_letter_url

    def park(self, message: Message, *, seconds: float) -> None:
        """Hides the message for so long; it must then be reported as not done."""
        with calling("sqs"):
            self._sqs.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=message.receipt_handle,
                VisibilityTimeout=min(max(0, math.ceil(seconds)), int(LONGEST_HIDE)),
            )

    def dead_letter(self, message: Message, refusal: DeadLetter) -> None:
        """Puts the original body into the DLQ, with the reason written on it."""
        texts = {"ErrorReason": refusal.reason, "ErrorMessage": refusal.message}
        with calling("sqs"):
            self._sqs.send_message(
                QueueUrl=self._dead_letter_url,
                MessageBody=message.body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": _attribute(text)}
                    for name, text in texts.items()
                },
            )


def _attribute(text: str) -> str:
    return _NOT_IN_XML.sub("?", text)[:LONGEST_TEXT] or "?"
