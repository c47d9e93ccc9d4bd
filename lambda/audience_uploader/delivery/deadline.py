"""How much of the invocation is left, and what may still be begun in it."""

from collections.abc import Callable
from dataclasses import dataclass

from audience_uploader.domain.outcomes import OutOfTime
from audience_uploader.domain.receipt import Stamp

LONGEST_MARGIN = 60.0  # seconds


class Deadline:
    """The end of this invocation, with a margin in which only what is complete is submitted.

    The margin is 60 s, or a fifth of a function timeout that is too short for that. Half of it is
    for the upload of drops that are complete by then, a quarter for the call that submits them, and
    the last quarter for receipts and for the lease: no call to TikTok is awaited into it.
    """

    def __init__(self, remaining: Callable[[], float], *, timeout_seconds: float) -> None:
        self._remaining = remaining
        self._margin = min(LONGEST_MARGIN, timeout_seconds / 5)

    def for_work(self) -> float:
        """Return the seconds left for reading drops; raises OutOfTime when there are none."""
        return self._positive(self._remaining() - self._margin)

    def for_uploads(self) -> float:
        """Return the seconds left for uploads of what was read; raises OutOfTime when none."""
        return self._positive(self._remaining() - self._margin / 2)

    def for_calls(self) -> float:
        """Return the seconds left for a call to TikTok; raises OutOfTime when there are none."""
        return self._positive(self._remaining() - self._margin / 4)

    def for_receipts(self) -> float:
        """Return the seconds left for receipts; raises OutOfTime when there are none."""
        return self._positive(self._remaining() - self._margin / 8)

    @property
    def passed(self) -> bool:
        """Tell whether no new drop may be begun."""
        return self._remaining() <= self._margin

    @staticmethod
    def _positive(seconds: float) -> float:
        if seconds <= 0:
            raise OutOfTime("the invocation ends before this step could")
        return seconds


@dataclass(frozen=True, slots=True)
class Invocation:
    """One invocation at work on one message: its end, when it began, and the receives so far.

    `started_at` is in seconds since the epoch; SQS counts the longest wait from there.
    """

    deadline: Deadline
    started_at: float
    attempts: int = 1

    def stamp(self, now: float) -> Stamp:
        """Return what a receipt says of when it was written."""
        return Stamp(self.attempts, self.started_at, now)
