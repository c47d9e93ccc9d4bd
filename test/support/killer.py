"""Kills the function at one of its external calls, as a timeout or a lack of memory would."""

import threading

from support.world import World


class Killed(BaseException):
    """The end of the sandbox: nothing of the function runs on."""


class Killer:
    """Counts the calls of a world to S3, SQS, Secrets Manager and TikTok from 0.

    The one numbered `at` is the last: it dies before the call, or `after` it has taken effect.
    Whatever the dying function still tries, in a `finally` or another thread, is refused.
    """

    def __init__(self, world: World, *, at: int | None = None, after: bool = False) -> None:
        self.calls = 0
        self.dead = False
        self._at = at
        self._after = after
        self._lock = threading.Lock()
        self._last = threading.local()
        world.listen(self._before_call, self._after_call)

    def _before_call(self) -> None:
        with self._lock:
            self._last.number = self.calls
            self.calls += 1
            self.dead = self.dead or (not self._after and self._last.number == self._at)
            if self.dead:
                raise Killed

    def _after_call(self) -> None:
        with self._lock:
            self.dead = self.dead or (self._after and self._last.number == self._at)
            if self.dead:
                raise Killed
