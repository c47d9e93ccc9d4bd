"""SQS in memory: a queue with visibility on a clock that the test moves, and its DLQ."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from support.fake_s3 import client_error


@dataclass
class Queued:
    message_id: str
    body: str
    sent_at: float
    visible_at: float
    attributes: dict[str, str] = field(default_factory=dict)
    receives: int = 0
    received_at: float = 0.0

    def record(self) -> dict[str, Any]:
        """Return the record as the event source mapping hands it to the function."""
        return {
            "messageId": self.message_id,
            "receiptHandle": self.message_id,
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "SentTimestamp": str(int(self.sent_at * 1000)),
            },
            "messageAttributes": {
                name: {"stringValue": value, "dataType": "String"}
                for name, value in self.attributes.items()
            },
            "eventSource": "aws:sqs",
        }


class FakeSQS:
    """One queue ("queue") and its dead-letter queue ("dlq").

    `before` is called with each operation and may raise; `after` likewise, once it is done.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.messages: dict[str, Queued] = {}
        self.dead: list[Queued] = []
        self.before: Callable[[str], None] = lambda operation: None
        self.after: Callable[[str], None] = lambda operation: None
        self._clock = clock
        self._ids = itertools.count(1)

    def send(self, body: str, **attributes: str) -> Queued:
        now = self._clock()
        message = Queued(f"m{next(self._ids)}", body, now, now, attributes)
        self.messages[message.message_id] = message
        return message

    def visible(self) -> list[Queued]:
        """Return the messages that a poll would find now, oldest first."""
        return [m for m in self.messages.values() if m.visible_at <= self._clock()]

    def change_message_visibility(
        self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int
    ) -> None:
        self.before("hide")
        if ReceiptHandle not in self.messages:
            raise client_error("ReceiptHandleIsInvalid", 404)
        message = self.messages[ReceiptHandle]
        hidden_until = self._clock() + VisibilityTimeout
        if VisibilityTimeout < 0 or hidden_until > message.received_at + 43_200:
            raise client_error("InvalidParameterValue")  # SQS counts its 12 h from the receive
        message.visible_at = hidden_until
        self.after("hide")

    def send_message(
        self, *, QueueUrl: str, MessageBody: str, MessageAttributes: dict[str, dict[str, str]]
    ) -> None:
        self.before("send" if QueueUrl == "queue" else "dead-letter")
        now = self._clock()
        attributes = {n: v["StringValue"] for n, v in MessageAttributes.items()}
        if QueueUrl == "queue":
            self.send(MessageBody, **attributes)
            self.after("send")
            return
        assert QueueUrl == "dlq"
        self.dead.append(Queued(f"d{next(self._ids)}", MessageBody, now, now, attributes))
        self.after("dead-letter")
