"""How to kill the function's workers inside the emulator, and how invocations failed."""

import contextlib
import os
import random
import re
import signal
from dataclasses import dataclass

from local.emulator import Sandbox as Sandbox
from local.emulator.workers import workers

# What the emulator's log says of an invocation that failed, and why.
_FAILED = re.compile(r"failed processing SQS batch .*?errorMessage=([^\n)]*)")
_DEATHS = re.compile(
    r"Worker process|Worker returned|timed out|Broken pipe|I/O operation on closed"
)


@dataclass(slots=True)
class Killer:
    """Kills the function's workers in one emulator."""

    sandbox: Sandbox
    chance: random.Random
    _before: int = 0

    def __post_init__(self) -> None:
        self._before = len(self._failures())

    def kill_one(self) -> None:
        """Kill a worker, whatever it does."""
        for pid in self.chance.sample(found := workers(self.sandbox), min(1, len(found))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def crashes(self) -> int:
        """Count the invocations that have died or run out of time since we began."""
        return sum(_DEATHS.search(reason) is not None for reason in self._failures())

    def errors(self) -> tuple[str, ...]:
        """Give why invocations failed that neither died nor ran out of time: bugs."""
        return tuple(reason for reason in self._failures() if not _DEATHS.search(reason))

    def _failures(self) -> list[str]:
        log = self.sandbox.emulator.background.log.read_text("utf-8", "replace")
        return _FAILED.findall(log)[self._before :]
