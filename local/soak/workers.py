"""How to kill the function's workers inside the emulator, while they are at work."""

import contextlib
import os
import random
import re
import signal
import time
from dataclasses import dataclass

from local.emulator import Ground
from local.emulator.workers import workers

_TRIES = 6
_NOTICE_SECONDS = 1.0
# What the emulator's log says of an invocation that failed, and why.
_FAILED = re.compile(r"failed processing SQS batch .*?errorMessage=([^\n)]*)")
_DEATHS = re.compile(
    r"Worker process|Worker returned|timed out|Broken pipe|I/O operation on closed"
)


@dataclass(slots=True)
class Killer:
    """Kills the function's workers in one emulator."""

    ground: Ground
    chance: random.Random
    _before: int = 0

    def __post_init__(self) -> None:
        self._before = len(self._failures())

    def crash(self) -> bool:
        """Kill workers, one by one, until one dies at work; an idle one's death is no crash."""
        before = self.crashes()
        for _ in range(_TRIES):
            self._kill(most=1)
            end = time.monotonic() + _NOTICE_SECONDS
            while time.monotonic() < end:
                if self.crashes() > before:
                    return True
                time.sleep(0.05)
        return False

    def crash_all(self) -> None:
        """Kill all workers at once, as if the data centre had gone dark."""
        self._kill()

    def crashes(self) -> int:
        """How many invocations have died or run out of time since we began."""
        return sum(_DEATHS.search(reason) is not None for reason in self._failures())

    def errors(self) -> list[str]:
        """Why invocations failed that neither died nor ran out of time: the function's errors."""
        return [reason for reason in self._failures() if not _DEATHS.search(reason)]

    def _failures(self) -> list[str]:
        log = self.ground.emulator.background.log.read_text("utf-8", "replace")
        return _FAILED.findall(log)[self._before :]

    def _kill(self, *, most: int | None = None) -> None:
        found = workers(self.ground)
        self.chance.shuffle(found)
        for pid in found[:most]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
