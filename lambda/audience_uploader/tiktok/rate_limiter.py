"""Keeps calls apart, so that functions that know nothing of each other stay within one limit."""

import threading
from collections.abc import Callable
from typing import Protocol

_SECOND = 1.1  # a second by TikTok's clock, in which calls arrive a little closer or further apart


class Limiter(Protocol):
    """Keeps the calls of a process apart."""

    def wait(self) -> None:
        """Return when the next call may be sent."""


def interval_between_calls(calls_per_second: float, *, functions: int) -> float:
    """Return the seconds between two calls of one function, for all of them to keep the rate.

    Each function may send its whole share in the same second as all others. A fifth of eight a
    second is not a call every 0.6 s, then: five functions would send ten in the same second.
    There must be no more functions than calls a second.
    """
    return _SECOND / int(calls_per_second / functions)


class RateLimiter:
    """Lets a call through every `interval` seconds at most; shared by all calls of a process.

    The seconds count from when the last call was let through, also if its sleep took longer.
    """

    def __init__(
        self, interval: float, *, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may be sent."""
        with self._lock:
            now = self._clock()
            mine = max(now, self._next_at)
            if mine > now:
                self._sleep(mine - now)
            self._next_at = max(mine, self._clock()) + self._interval
