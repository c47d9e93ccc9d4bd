"""Waiting for something to become true, never longer than said."""

import time
from collections.abc import Callable
from typing import TypeVar

from local.emulator.errors import SandboxError

Found = TypeVar("Found")


class WaitedTooLongError(SandboxError):
    """What was waited for did not come in time."""


def wait_for(
    look: Callable[[], Found | None], what: str, *, seconds: float, every: float = 0.1
) -> Found:
    """Give the first answer of `look` that is true in Python's sense (not None, empty or 0).

    Raises WaitedTooLongError, which names `what` was waited for, after `seconds`.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise WaitedTooLongError(f"Waited {seconds:g} s in vain for {what}.")
        time.sleep(every)
