"""Keeps calls apart, so that functions that know nothing of each other stay within one limit."""

import threading
from collections.abc import Callable


class RateLimiter:
    """Lets a call through every `interval` seconds at most; shared by all calls of a process."""

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
            self._next_at = mine + self._interval
        if mine > now:
            self._sleep(mine - now)
