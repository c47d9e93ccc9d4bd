"""Rate limits: per app (40100) and per advertiser and path (40133); section 9's table."""

import threading

from local.tiktok_simulator.answers import ADVERTISER_RATE_LIMIT, APP_RATE_LIMIT, RefusalError
from local.tiktok_simulator.clock import DAY
from local.tiktok_simulator.options import Options

_MINUTE = 60.0


class _Window:
    """Counts what falls into the current stretch of so many seconds."""

    __slots__ = ("_count", "_number", "_seconds")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._number = -1
        self._count = 0

    def is_over(self, limit: int, now: float) -> bool:
        number = int(now // self._seconds)
        if number != self._number:
            self._number, self._count = number, 0
        self._count += 1
        return bool(limit) and self._count > limit


class Limits:
    """Which calls are too many. A refused call counts too. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._second, self._minute, self._day = _Window(1.0), _Window(_MINUTE), _Window(DAY)
        self._paths: dict[tuple[str, str], _Window] = {}
        self._paused_until = 0.0

    def check_app(self, now: float, options: Options) -> None:
        """Over QPS until the next second, over QPM for 5 minutes, over QPD until 00:00 UTC."""
        with self._lock:
            over_second = self._second.is_over(options.qps, now)
            over_day = self._day.is_over(options.qpd, now)
            if self._minute.is_over(options.qpm, now):
                self._paused_until = now + options.qpm_pause_seconds
            paused = bool(options.qpm) and now < self._paused_until
        if over_second or over_day or paused:
            raise RefusalError(APP_RATE_LIMIT, "App reaches the QPS limit.")

    def check_advertiser(
        self, advertiser_id: str, path: str, *, now: float, options: Options
    ) -> None:
        """Over the advertiser's own limit for this path until the next second."""
        limit = options.advertiser_qps
        with self._lock:
            window = self._paths.setdefault((advertiser_id, path), _Window(1.0))
            over = window.is_over(limit, now)
        if over:
            message = (
                f"Advertiser ({advertiser_id})'s QPS ({limit + 1}) reaches QPS limit {limit} for"
                " current path, request is temporarily restricted."
            )
            raise RefusalError(ADVERTISER_RATE_LIMIT, message)
