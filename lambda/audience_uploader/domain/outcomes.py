"""The ways a message can end other than well, as exceptions.

Outcome
├── Skipped           nothing to do, on purpose
├── Park              the reason is expected to pass; the message comes back later
└── DeadLetter        no waiting helps; the message goes to the dead-letter queue
    └── DropRefused   the drop itself is bad, whichever message looks at it
Unavailable           an AWS service did not do its part
OutOfTime             the invocation has no time left for this step
"""

# Why an object is no drop, as stable words.
FOLDER = "folder"  # its key ends in /
MARKER = "marker"  # _SUCCESS, .part.crc, or within such a folder
COMPANION = "companion"  # a manifest or metadata, beside the data
EMPTY = "empty"
NO_ROWS = "no_rows"  # an empty gzip, only a header


class Outcome(Exception):
    """A planned end of a message: never a bug, never a Lambda error."""


class Skipped(Outcome):
    """The object is no drop; `reason` says why, as one of the stable words above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Park(Outcome):
    """The message comes back in `delay` seconds; `kind` says what it waits for."""

    def __init__(self, kind: str, *, delay: float) -> None:
        super().__init__(f"{kind}: waits {delay:.1f} s")
        self.kind = kind
        self.delay = delay


class DeadLetter(Outcome):
    """Only a person helps: `reason` is a stable word, `message` a sentence saying what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message


class DropRefused(DeadLetter):
    """The drop itself can't be delivered; nothing of it was sent."""


class Unavailable(Exception):
    """An AWS service did not do its part; holds the service and its error code, nothing else."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"{service}: {code}")
        self.service = service
        self.code = code


class OutOfTime(Exception):
    """The invocation has no time left to begin or to finish this step."""
