"""Tells the person at the terminal what is being done, and for how long it has been."""

import itertools
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

_ERASE = "\r\x1b[2K"


class _Line(Protocol):
    def begin(self, text: str) -> None: ...

    def end(self, trouble: str) -> None: ...


class Steps:
    """Prints one line per step to `out`: with a spinner on a terminal, plain anywhere else."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begun = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since this object was made."""
        return time.monotonic() - self._begun

    def say(self, text: str = "") -> None:
        """Print lines of their own."""
        print(text, file=self._out, flush=True)

    def facts(self, **values: object) -> None:
        """Print named values below a step, aligned."""
        for name, value in values.items():
            self.say(f"      {name:<9} {value}")

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show that `text` is being done while the block runs, then how many seconds it took."""
        line: _Line = _LiveLine(self._out) if self._out.isatty() else _PlainLine(self._out)
        line.begin(text)
        trouble = "failed"
        try:
            yield
            trouble = ""
        except KeyboardInterrupt:
            trouble = "stopped"
            raise
        finally:
            line.end(trouble)


class _PlainLine:
    """Grows at its end only, for logs and pipes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begun = time.monotonic()

    def begin(self, text: str) -> None:
        print(f"- {text} ...", end="", file=self._out, flush=True)

    def end(self, trouble: str) -> None:
        how = f" {trouble} after" if trouble else ""
        print(f"{how} {time.monotonic() - self._begun:.1f} s", file=self._out, flush=True)


class _LiveLine:
    """Redraws itself on a terminal until it is done."""

    def __init__(self, out: TextIO) -> None:
        fancy = (out.encoding or "").lower().startswith("utf")
        self._out = out
        self._frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" if fancy else "|/-\\"
        self._good, self._bad = ("✓", "✗") if fancy else ("+", "x")
        self._begun = time.monotonic()
        self._text = ""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._spin, daemon=True)

    def begin(self, text: str) -> None:
        self._text = text
        self._thread.start()

    def end(self, trouble: str) -> None:
        self._done.set()
        self._thread.join()
        self._draw(self._bad if trouble else self._good, digits=1)
        print(file=self._out, flush=True)

    def _spin(self) -> None:
        for frame in itertools.cycle(self._frames):
            self._draw(frame, digits=0)
            if self._done.wait(0.1):
                return

    def _draw(self, mark: str, *, digits: int) -> None:
        seconds = f"{time.monotonic() - self._begun:.{digits}f} s"
        # A line that wraps could not be erased again.
        room = shutil.get_terminal_size().columns - len(seconds) - 6
        print(f"{_ERASE}{mark} {self._text[:room]}  {seconds}", end="", file=self._out, flush=True)
