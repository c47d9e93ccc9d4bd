"""What becomes of a message, as values, and the errors that the code expects.

An outcome is one of `Done`, `RetryLater` and `DeadLetter`. Errors become outcomes in one place,
delivery/error_policy.py.

    Refusal           no waiting helps; only a person can put it right
    └── DropRefused   what is wrong is the drop itself
    Skipped           the object is no drop, on purpose
    Unreadable        S3 or KMS does not give this one object out
    Unavailable       an AWS service did not do its part
    OutOfTime         the invocation has no time left for this step
"""

from dataclasses import dataclass

from audience_uploader.domain.row_counts import RowCounts

# Why an object is no drop, as stable words.
FOLDER = "folder"  # its key ends in /
MARKER = "marker"  # _SUCCESS, .part.crc, or within such a folder
COMPANION = "companion"  # a manifest or metadata, beside the data
EMPTY = "empty"
NO_ROWS = "no_rows"  # an empty gzip, only a header


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do for the message."""


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The message comes back in `delay` seconds; `kind` says what it waits for.

    `code` is what TikTok or AWS answered, where they did; `since` when the wait began, in seconds
    since the epoch; `detail` half a sentence that says more of the reason, where there is more.
    """

    kind: str
    delay: float
    code: str | None = None
    since: float | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Only a person helps: `reason` is a stable word, `message` a sentence saying what to do.

    `counts` is what was counted of the drop's rows, if it was read.
    """

    reason: str
    message: str
    counts: RowCounts | None = None


Outcome = Done | RetryLater | DeadLetter


class Refusal(Exception):
    """No waiting helps: `reason` is a stable word, `message` a sentence saying what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message

    def outcome(self, counts: RowCounts | None = None) -> DeadLetter:
        """Return this as the outcome of a message."""
        return DeadLetter(self.reason, self.message, counts)


class DropRefused(Refusal):
    """The drop itself can't be delivered; nothing of it was sent."""


class Skipped(Exception):
    """The object is no drop; `reason` says why, as one of the stable words above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Exception):
    """S3 or KMS refuses this one object, with `code`; an `archived` one must be restored."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the object can't be read ({code})")
        self.code = code
        self.archived = code == "InvalidObjectState"


class Unavailable(Exception):
    """An AWS service did not do its part; holds the service and its error code, nothing else."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"{service}: {code}")
        self.service = service
        self.code = code


class OutOfTime(Exception):
    """The invocation has no time left to begin or to finish this step."""
