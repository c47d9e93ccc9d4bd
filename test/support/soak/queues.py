"""The two queues as the soak uses them: counting, and reading dead letters."""

import json
from dataclasses import dataclass, field
from typing import Any

from local.emulator import Stack

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of the dead-letter queue: its drop's key, and why it is there."""

    key: str
    reason: str
    message: str


@dataclass(slots=True)
class Queues:
    """Both queues of the stack; `letters` are the dead letters taken out so far."""

    stack: Stack
    letters: list[DeadLetter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.read_dead_letters()
        self.letters.clear()  # of whatever was here before us

    def waiting(self) -> tuple[int, int, int]:
        """Count the messages that are visible, hidden or being worked on, and not yet delivered."""
        found = self.stack.clients.sqs.get_queue_attributes(
            QueueUrl=self.stack.queue_url,
            AttributeNames=[*_COUNTS],  # type: ignore[list-item]
        )["Attributes"]
        visible, hidden, delayed = (int(found[name]) for name in _COUNTS)  # type: ignore[index]
        return visible, hidden, delayed

    def settled(self) -> bool:
        """Tell whether nothing waits in the queue, also after the dead letters were read."""
        for _ in range(2):
            self.read_dead_letters()
            if any(self.waiting()):
                return False
        return True

    def read_dead_letters(self) -> None:
        """Take out all dead letters there are."""
        while messages := self.stack.dead_letters():
            for message in messages:
                self.letters.append(_letter(message))
                self.stack.clients.sqs.delete_message(
                    QueueUrl=self.stack.dead_letter_queue_url,
                    ReceiptHandle=message["ReceiptHandle"],
                )


def _letter(message: Any) -> DeadLetter:
    attributes = message.get("MessageAttributes", {})
    reason, text = (
        attributes.get(name, {}).get("StringValue", "") for name in ("ErrorReason", "ErrorMessage")
    )
    return DeadLetter(_key_of(message["Body"]), reason, text)


def _key_of(body: str) -> str:
    """Return the key that a dead letter is about; "" for one that is no event of ours."""
    try:
        return str(json.loads(body)["detail"]["object"]["key"])
    except (ValueError, KeyError, TypeError):
        return ""
