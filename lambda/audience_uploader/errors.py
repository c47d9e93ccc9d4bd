"""The ways a message can end other than well, as exceptions.

    Outcome
    ├── DeadLetter        no waiting helps; the message goes to the dead-letter queue
    │   └── DropRefused   the drop itself is bad, whichever message looks at it
    └── Park              the reason is expected to pass; the message comes back later
"""


class Outcome(Exception):
    """A planned end of a look at an audience: never a bug, never a Lambda error."""


class DeadLetter(Outcome):
    """Nothing but a person helps: `reason` is a stable word, `message` a sentence saying what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message


class DropRefused(DeadLetter):
    """The drop itself can't be delivered; nothing of it was sent."""
