"""The dead-letter queue, read whole and left as it was for the next reader."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from audience_uploader.domain.times import iso

from audiencectl.session import Session

_HIDDEN_SECONDS = 120
_RELEASED_AT_ONCE = 10
_EMPTY_ANSWERS = 2  # in a row: AWS may give few, or none, while there are some
MOVED = "moved_by_sqs"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of the dead-letter queue; `sent_at` in seconds since the epoch."""

    message_id: str
    key: str | None
    reason: str
    message: str
    sent_at: float
    body: str = field(repr=False)
    attributes: Mapping[str, Any] = field(repr=False)
    handle: str = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return what a program reads."""
        return {
            "key": self.key,
            "reason": self.reason,
            "message": self.message,
            "sent_at": iso(self.sent_at),
        }


class DeadLetterQueue:
    """The dead letters of one queue."""

    def __init__(self, sqs: Any, url: str, *, wait_seconds: int) -> None:
        self._sqs = sqs
        self.url = url
        self._wait_seconds = wait_seconds

    @classmethod
    def of(cls, session: Session) -> "DeadLetterQueue":
        """Return the dead-letter queue of the deployment that a command works on."""
        deployment = session.deployment
        url = deployment.output("DeadLetterQueueUrl")
        return cls(deployment.client("sqs"), url, wait_seconds=session.long_poll_seconds)

    @contextmanager
    def all(self) -> Iterator[list[DeadLetter]]:
        """Give all messages, oldest first; those not deleted by the end are visible again.

        Raises nothing of its own. Messages that another reader holds just now are not among them.
        """
        found: dict[str, DeadLetter] = {}
        try:
            self._collect(found)
            yield sorted(found.values(), key=lambda letter: (letter.sent_at, letter.message_id))
        finally:
            self._release([letter.handle for letter in found.values()])

    def _collect(self, found: dict[str, DeadLetter]) -> None:
        empty = 0
        while empty < _EMPTY_ANSWERS:
            answer = self._sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=self._wait_seconds,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
            letters = [_letter(message) for message in answer.get("Messages", [])]
            new = [letter for letter in letters if letter.message_id not in found]
            found.update((letter.message_id, letter) for letter in letters)
            empty = 0 if new else empty + 1

    def _release(self, handles: list[str]) -> None:
        for start in range(0, len(handles), _RELEASED_AT_ONCE):
            self._sqs.change_message_visibility_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                    for number, handle in enumerate(handles[start : start + _RELEASED_AT_ONCE])
                ],
            )

    def put_back(self, letter: DeadLetter, queue_url: str) -> None:
        """Send one message to the queue with its attributes, then take it out of here."""
        self._sqs.send_message(
            QueueUrl=queue_url, MessageBody=letter.body, MessageAttributes=letter.attributes
        )
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=letter.handle)


def _letter(message: Mapping[str, Any]) -> DeadLetter:
    attributes = {
        name: {part: value for part, value in given.items() if part in _SENDABLE}
        for name, given in message.get("MessageAttributes", {}).items()
    }
    texts = {name: given.get("StringValue", "") for name, given in attributes.items()}
    reason, sentence = _told(texts)
    return DeadLetter(
        message_id=message["MessageId"],
        key=_key(message["Body"]),
        reason=reason,
        message=sentence,
        sent_at=int(message["Attributes"]["SentTimestamp"]) / 1000,
        body=message["Body"],
        attributes=attributes,
        handle=message["ReceiptHandle"],
    )


_SENDABLE = ("DataType", "StringValue", "BinaryValue")


def _told(texts: Mapping[str, str]) -> tuple[str, str]:
    if reason := texts.get("ErrorReason"):
        return reason, texts.get("ErrorMessage", "")
    if "RULE_ARN" in texts:
        code = texts.get("ERROR_CODE", "unknown")
        said = texts.get("ERROR_MESSAGE", "").rstrip(".")
        return code, (
            f"EventBridge could not put this event into the queue{': ' + said if said else ''}. "
            "Put right what it names, then redrive."
        )
    return MOVED, (
        "SQS moved this message after too many receives, and the function wrote no reason: its "
        "log says more. Then redrive."
    )


def _key(body: str) -> str | None:
    try:
        key = json.loads(body)["detail"]["object"]["key"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return key if isinstance(key, str) else None
