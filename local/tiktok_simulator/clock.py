"""A clock that can be put forward, so that 48 h of processing pass in a moment."""

import time
from datetime import UTC, datetime

DAY = 86_400.0


class Clock:
    """Real time plus what was added by `advance`, in seconds since 1970.

    Once frozen it stands still but for `advance`, so that a test's speed decides nothing.
    """

    def __init__(self) -> None:
        self._added = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return (self._frozen_at or time.time()) + self._added

    def advance(self, seconds: float) -> None:
        """Put the clock forward; it never goes back (ValueError)."""
        if seconds < 0:
            raise ValueError("the clock can only be put forward: advance_seconds must be >= 0")
        self._added += seconds

    def freeze(self) -> None:
        """Stands still until `reset`."""
        self._frozen_at = self._frozen_at or time.time()

    def reset(self) -> None:
        """Real time again."""
        self._added, self._frozen_at = 0.0, None


def stamp(moment: float) -> str:
    """Return the API's spelling of a time, `YYYY-MM-DD HH:MM:SS`, in GMT."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def moment_of(text: str) -> float:
    """Return the inverse of `stamp`; ValueError when the text is no such time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
