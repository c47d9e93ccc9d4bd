"""Processes that run beside us, and end with everything that they started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.emulator import interrupts
from local.emulator.paths import ROOT

GRACE_SECONDS = 5.0
_started: list["Background"] = []


@dataclass(frozen=True, slots=True)
class Background:
    """One process in the background, leader of a process group of its own.

    Its own group means that Ctrl-C in the terminal reaches us alone, and we stop it in order.
    """

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self.process.pid

    @property
    def ended(self) -> bool:
        """Whether it is no longer running."""
        return self.process.poll() is not None

    def finish(self, seconds: float) -> int | None:
        """Wait for its end and give its exit code; None if it took too long and was ended."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.stop()

    @contextmanager
    def stopped_on_failure(self) -> Iterator[None]:
        """End it if the block does not come to its end, be it by Ctrl-C."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it and all that it started; done when they are gone. Harmless if it has ended."""
        stop_group(self.pid, lambda: self.ended)
        with contextlib.suppress(ValueError):
            _started.remove(self)


def start(
    command: Sequence[str], environment: Mapping[str, str], log: Path, *, folder: Path = ROOT
) -> Background:
    """Start a command in `folder`; its output is added to the file `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output, interrupts.held():
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        background = Background(process, log)
        _started.append(background)
    return background


def started() -> bool:
    """Tell whether anything that was started here has not been stopped yet."""
    return bool(_started)


def stop_all() -> None:
    """Stop all that was started here, what was started last first."""
    while _started:
        _started[-1].stop()


def stop_group(pid: int, has_ended: Callable[[], bool]) -> None:
    """End a process group: asked first, made to after GRACE_SECONDS, stragglers with it."""
    _signal_group(pid, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    while not has_ended() and time.monotonic() < end:
        time.sleep(0.02)
    _signal_group(pid, signal.SIGKILL)
    while not has_ended() and time.monotonic() < end + GRACE_SECONDS:
        time.sleep(0.02)


def _signal_group(pid: int, number: signal.Signals) -> None:
    # macOS says "not permitted" of a group that consists of zombies.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
