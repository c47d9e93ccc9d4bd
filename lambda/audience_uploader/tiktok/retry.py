"""The retry policy within an invocation: three tries, exponential, with jitter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from audience_uploader.tiktok.errors import RateLimited, ServerFault, TikTokError

T = TypeVar("T")

SAFE = (ServerFault, RateLimited)
"""For calls that may act twice without harm."""

UNSAFE = (RateLimited,)
"""For create: after a fault nobody knows whether it acted, after a refused rate it did not."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits `first_wait` seconds, then twice that, each times 0.5 to 1.5 at random.

    `out_of_time` is what a call raises when it can't be sent any more. Raised by the first try it
    is news; later what went wrong before is, or a TikTok that hangs would pass for a lack of time.
    """

    first_wait: float
    sleep: Callable[[float], None]
    random: Callable[[], float]
    out_of_time: tuple[type[Exception], ...] = ()
    tries: int = 3

    def run(self, call: Callable[[], T], *, on: tuple[type[TikTokError], ...] = SAFE) -> T:
        """Return the answer of the first try that succeeds; raise the last try's error."""
        try:
            return call()
        except on as error:
            failure = error
        for n in range(self.tries - 1):
            self.sleep(self.first_wait * 2**n * (0.5 + self.random()))
            try:
                return call()
            except on as error:
                failure = error
            except self.out_of_time:
                break
        raise failure
