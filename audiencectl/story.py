"""Where one file stands, and the sentences that lead there."""

from dataclasses import dataclass, field
from typing import Any

from audiencectl.dead_letter_queue import DeadLetter

ABSENT, SKIPPED, REFUSED, WAITING, SETTLING, ANNOUNCED = (
    "absent",
    "skipped",
    "bad_key",
    "waiting",
    "settling",
    "announced",
)


@dataclass(slots=True)
class Story:
    """A word for where a file stands, and the sentences that lead there."""

    key: str
    state: str = ABSENT
    sentences: list[str] = field(default_factory=list)
    etag: str | None = None
    receipt: dict[str, Any] | None = None
    waiting: dict[str, Any] | None = None
    dead_letters: list[DeadLetter] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return what a program reads."""
        letters = [letter.to_json() for letter in self.dead_letters]
        return {
            "key": self.key,
            "state": self.state,
            "story": self.sentences,
            "etag": self.etag,
            "receipt": self.receipt,
            "waiting": self.waiting,
            "dead_letters": letters,
        }
