"""Keeps calls apart, so that functions that know nothing of each other stay within one limit."""

import math
import threading
from collections.abc import Callable


def interval(calls_per_second: float, functions: int) -> float:
    """Return the seconds between two calls of one function, where so many share a rate.

    Each sends a whole number of calls a second, so that all together pass the rate in no second.
    Where there are more functions than calls a second, only the average can be kept.
    """
    share = calls_per_second / functions
    return 1 / (math.floor(share) if share >= 1 else share)


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
