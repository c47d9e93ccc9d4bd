"""Tells the person at the terminal what is being done, and for how long it has been."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column


class Steps:
    """Prints one line per step to `out`: with a spinner on a terminal, plain anywhere else."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begun = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since this object was made."""
        return time.monotonic() - self._begun

    def say(self, text: str = "", *, end: str = "\n") -> None:
        """Print lines of their own.

        Raises BrokenPipeError when nobody reads any more; after that nothing is printed or raised.
        """
        try:
            print(text, end=end, file=self._out, flush=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())
            raise

    def facts(self, **values: object) -> None:
        """Print named values below a step, aligned."""
        for name, value in values.items():
            self.say(f"      {name:<9} {value}")

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show that `text` is being done while the block runs, then how many seconds it took."""
        begun, trouble = time.monotonic(), " failed after"
        try:
            with self._shown(text):
                yield
            trouble = ""
        except KeyboardInterrupt:
            trouble = " stopped after"
            raise
        finally:
            line = f"{trouble} {time.monotonic() - begun:.1f} s"
            self.say(f"- {text} ...{line}" if self._out.isatty() else line)

    @contextmanager
    def _shown(self, text: str) -> Iterator[None]:
        if not self._out.isatty():
            self.say(f"- {text} ...", end="")
            yield
            return
        # A line that wraps could not be erased again.
        one_line = Column(no_wrap=True, overflow="ellipsis", ratio=1)
        with Progress(
            SpinnerColumn("line"),
            TextColumn("{task.description}", markup=False, table_column=one_line),
            TimeElapsedColumn(),
            console=Console(file=self._out),
            transient=True,
        ) as shown:
            shown.add_task(text, total=None)
            yield
