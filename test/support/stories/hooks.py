"""What happens at the external calls of a world: a death, a failure of S3, or somebody else."""

import re
import threading
from collections.abc import Callable

from support.fake_s3 import client_error
from support.killer import Killed
from support.world import World

# Calls that are told by what they do instead of a number: by the end of a path at TikTok, by the
# key that is written, or by that of a drop that is read.
_NAMED = {
    "change": re.compile("/(create|update)/$"),
    "receipt": re.compile("^receipts/"),
    "read": re.compile("^tiktok/"),
}


class Hooks:
    """Stands between the function and everything outside; calls are counted from 0, or named.

    After a death everything is refused until `rest`, as for a process that is gone.
    """

    def __init__(self, world: World) -> None:
        self.unreadable: set[str] = set()
        self.failing: list[str] = []  # the next S3 operations that fail
        self._world = world
        self._lock = threading.Lock()
        self.rest()

    def rest(self) -> None:
        """Let nothing happen but what S3 does by itself."""
        self._at = ""
        self._after = self._dead = False
        self._deed: Callable[[], None] | None = None
        self._counts = [0, 0]
        self._install()

    def kill(self, at: str, *, after: bool) -> None:
        """Have the function die before its call `at`, or right after what it changed, `at`."""
        self._at, self._after = at, after

    def meanwhile(self, at: str, deed: Callable[[], None]) -> None:
        """Have somebody else do something before the function's call `at`."""
        self._at, self._deed = at, deed

    def _install(self) -> None:
        world = self._world
        world.listen(lambda: self._called(after=False), lambda: self._called(after=True))
        world.s3.before = self._before_s3
        world.s3.after = lambda operation, key: self._called(after=True, about=key)
        world.tiktok.before = lambda path: self._called(after=False, about=path)
        world.tiktok.after = lambda path: self._called(after=True, about=path)

    def _before_s3(self, operation: str, key: str) -> None:
        told = operation == "put" or (operation == "get" and key.startswith("tiktok/"))
        self._called(after=False, about=key if told else "")
        if operation in self.failing:
            self.failing.remove(operation)
            raise client_error("SlowDown", 503)
        if operation == "get" and key in self.unreadable:
            raise client_error("AccessDenied", 403)

    def _called(self, *, after: bool, about: str = "") -> None:
        with self._lock:
            now = self._is_it(self._counts[after], about)
            self._counts[after] += 1
            deed = self._deed if now and not after else None
            if now and after == self._after and self._deed is None:
                self._dead = True
            if self._dead:
                raise Killed
        if deed:
            self.rest()
            deed()

    def _is_it(self, number: int, about: str) -> bool:
        named = _NAMED.get(self._at)
        return bool(named.search(about)) if named else self._at == str(number)
