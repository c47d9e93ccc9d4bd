"""The two queues as the soak uses them: counting, delivering again, and reading dead letters."""

import json
import random
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from local.emulator import Stack

SWEEP = {"source": "aws.events", "detail-type": "Scheduled Event"}
# TikTok refused the uploaded file twice in a row: a person would redrive it, and so do we.
_FILE_REFUSED = ("(code 40900)", "(code 40905)", "(code 40910)")
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
    """Both queues of the stack; `letters` are the dead letters taken out so far.

    `again` and `redriven` count the messages that were put in beside the bucket's own.
    """

    stack: Stack
    letters: list[DeadLetter] = field(default_factory=list)
    again: int = 0
    redriven: int = 0
    _known: set[str] = field(default_factory=set)

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

    def deliver_again(self, share: float, chance: random.Random) -> None:
        """Deliver a share of the events that came since the last call once more."""
        for body in sorted(set(self._bodies()) - self._known):
            self._known.add(body)
            if chance.random() < share:
                self.send(body)
                self.again += 1

    def _bodies(self) -> list[str]:
        """Return the bodies of all messages in the queue, seen without receiving them."""
        query = urllib.parse.urlencode({"QueueUrl": self.stack.queue_url})
        url = f"{self.stack.clients.endpoint}/_ministack/sqs/messages?{query}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            accounts: dict[str, dict[str, dict[str, Any]]] = json.load(answer)["messages"]
        queues = [queue for regions in accounts.values() for queue in regions.values()]
        return [m["Body"] for queue in queues for found in queue.values() for m in found]

    def send(self, body: str) -> None:
        """Put a message into the queue."""
        self.stack.clients.sqs.send_message(QueueUrl=self.stack.queue_url, MessageBody=body)

    def read_dead_letters(self) -> None:
        """Take out all dead letters there are; those whose cause was a passing one are redriven."""
        while messages := self.stack.dead_letters():
            for message in messages:
                letter = _letter(message)
                if letter.reason == "tiktok_refused" and _passing(letter):
                    self.redriven += 1
                    self.stack.redrive(message)
                    continue
                self.letters.append(letter)
                self.stack.clients.sqs.delete_message(
                    QueueUrl=self.stack.dead_letter_queue_url,
                    ReceiptHandle=message["ReceiptHandle"],
                )


def _passing(letter: DeadLetter) -> bool:
    return any(code in letter.message for code in _FILE_REFUSED)


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
