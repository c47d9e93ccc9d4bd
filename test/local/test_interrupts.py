"""A signal becomes one KeyboardInterrupt, and never in the middle of what belongs together."""

import os
import signal
from collections.abc import Iterator

import pytest

from local.emulator import interrupts


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(interrupts, "_interrupt", interrupts._Interrupt())
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    interrupts.raise_once()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _interrupt(number: signal.Signals = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_raises_once_and_never_again(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupt(number)

    _interrupt(number)  # would end the clean-up


def test_signal_while_held_raises_at_the_end_of_the_outermost_block() -> None:
    done: list[str] = []

    def work() -> None:
        with interrupts.held():
            with interrupts.held():
                _interrupt()
                done.append("inner")
            done.append("outer")
        done.append("after")

    with pytest.raises(KeyboardInterrupt):
        work()

    assert done == ["inner", "outer"]


def test_no_signal_while_held_raises_nothing() -> None:
    with interrupts.held():
        pass


def test_signal_when_ignored_does_nothing() -> None:
    interrupts.ignore()

    _interrupt()
