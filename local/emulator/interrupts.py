"""Signals that ask this process to end, as one KeyboardInterrupt that tears nothing apart."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class _Interrupt:
    came: bool = False
    held: int = 0
    due: bool = False

    def take(self, _number: int, _frame: FrameType | None) -> None:
        if self.came:
            return
        self.came = True
        self.due = self.held > 0
        if not self.due:
            raise KeyboardInterrupt


_interrupt = _Interrupt()


def raise_once() -> None:
    """Have the first of the signals raise KeyboardInterrupt, and the others do nothing.

    One is enough: a second must not cut the clean-up short.
    """
    for number in _SIGNALS:
        signal.signal(number, _interrupt.take)


def ignore() -> None:
    """Let no signal interrupt what comes from now on."""
    _interrupt.came = True


@contextmanager
def held() -> Iterator[None]:
    """Have a signal that comes within the block raise at the end of it."""
    _interrupt.held += 1
    try:
        yield
    finally:
        _interrupt.held -= 1
        if _interrupt.due and not _interrupt.held:
            _interrupt.due = False
            raise KeyboardInterrupt
