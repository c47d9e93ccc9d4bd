"""The rate of calls below two a second: functions take turns by an object in S3.

Two functions are the least that SQS runs, and each alone can't keep such a rate for both.
"""

import threading
from collections.abc import Callable

from audience_uploader.adapters.aws_errors import PreconditionFailed
from audience_uploader.adapters.json_store import DamagedObject, JsonStore
from audience_uploader.domain.outcomes import Unavailable
from audience_uploader.domain.times import Clock

KEY = "state/rate.json"
_NEXT = "next_call_at"
_MOST_TRIES = 100
# A quarter more than a call's share of time: a turn is used once S3 has answered, sooner or later.
_SLACK = 1.25


class SharedRate:
    """Lets a call through every `1.25 / calls_per_second` seconds at most, of all functions.

    The rate is kept in every second while S3 answers within a quarter of the time between calls.
    Raises Unavailable from `wait` when S3 fails.
    """

    def __init__(
        self,
        objects: JsonStore,
        calls_per_second: float,
        *,
        clock: Clock,
        sleep: Callable[[float], None],
    ) -> None:
        # 1.9 a second are one in every second; 0.5 are one in every two.
        self._interval = _SLACK / (int(calls_per_second) or calls_per_second)
        self._objects = objects
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may be sent."""
        with self._lock:
            for _ in range(_MOST_TRIES):
                if self._take_turn():
                    return
        raise Unavailable("s3", "PreconditionFailed")

    def _take_turn(self) -> bool:
        next_at, etag = self._read()
        # Never longer than a turn takes, whatever another function's clock said.
        early = min(next_at - self._clock(), self._interval)
        if early > 0:
            self._sleep(early)
        try:
            turn = {_NEXT: self._clock() + self._interval}
            self._objects.replace(KEY, turn, etag=etag)
        except PreconditionFailed:
            return False  # the other function was faster
        return True

    def _read(self) -> tuple[float, str | None]:
        try:
            found, etag = self._objects.find(KEY)
            return float((found or {}).get(_NEXT, 0)), etag
        except (DamagedObject, TypeError, ValueError):
            self._objects.delete(KEY)
            return 0.0, None
