"""The function's worker processes inside the emulator, and how to kill one at work."""

import contextlib
import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass

from local.emulator import Ground

_TRIES = 6
_NOTICE_SECONDS = 1.0
DIED = "Worker process died"
TIMED_OUT = "— killing worker"


@dataclass(slots=True)
class Killer:
    """Kills workers of one function in one emulator, and knows which it killed."""

    ground: Ground
    function: str
    chance: random.Random
    _before: int = 0

    def __post_init__(self) -> None:
        self._before = self._seen()

    def crash(self) -> bool:
        """Kill workers, one by one, until one dies at work; an idle one's death is no crash."""
        before = self.crashes()
        for _ in range(_TRIES):
            self._kill(self.workers(), most=1)
            end = time.monotonic() + _NOTICE_SECONDS
            while time.monotonic() < end:
                if self.crashes() > before:
                    return True
                time.sleep(0.05)
        return False

    def crash_all(self) -> None:
        """Kill all workers at once, as if the data centre had gone dark."""
        self._kill(self.workers())

    def crashes(self) -> int:
        """How many invocations the emulator has seen die or run out of time since we began."""
        return self._seen() - self._before

    def _seen(self) -> int:
        log = self.ground.emulator.background.log.read_text("utf-8", "replace")
        return log.count(f"errorMessage={DIED}") + log.count(TIMED_OUT)

    def _kill(self, workers: list[int], *, most: int | None = None) -> None:
        self.chance.shuffle(workers)
        for pid in workers[:most]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def workers(self) -> list[int]:
        """Process ids of this function's workers: in the emulator's own process group, by name."""
        listing = subprocess.run(
            ["ps", "-axo", "pid=,pgid=,command="], capture_output=True, text=True, check=True
        )
        group, name = str(self.ground.emulator.background.pid), f"ministack-lambda-{self.function}-"
        found = (line.split(None, 2) for line in listing.stdout.splitlines())
        return sorted(
            int(pid) for pid, pgid, *command in found if pgid == group and name in "".join(command)
        )
