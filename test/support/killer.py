"""Kills the function at one of its external calls, as a timeout or a lack of memory would."""

import threading

from support.world import World


class Killed(BaseException):
    """The end of the sandbox: nothing of the function runs on."""


class Killer:
    """Counts the calls of a world to S3, SQS, Secrets Manager and TikTok from 0.

    The function dies before the call numbered `at`; or, with `after`, right after the change
    numbered `at` was made. Whatever the dying still tries, in a `finally` or another thread, is
    refused.
    """

    def __init__(self, world: World, *, at: int | None = None, after: bool = False) -> None:
        self._at = at
        self._after = after
        self._count = 0
        self._dead = False
        self._lock = threading.Lock()
        world.listen(lambda: self._called(after=False), lambda: self._called(after=True))

    def _called(self, *, after: bool) -> None:
        with self._lock:
            if after == self._after:
                self._dead = self._dead or self._count == self._at
                self._count += 1
            if self._dead:
                raise Killed
