"""Rate limits: per app (40100) and per advertiser and path (40133); section 9's table."""

import threading

from local.tiktok_simulator.answers import Code, RefusalError
from local.tiktok_simulator.clock import DAY
from local.tiktok_simulator.options import Options


class Limits:
    """Which calls are too many. A refused call counts too. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[object, tuple[int, int]] = {}
        self._paused_until = 0.0

    def check_app(self, now: float, options: Options) -> None:
        """Over QPS until the next second, over QPM for 5 minutes, over QPD until 00:00 UTC."""
        with self._lock:
            over = self._is_over("second", options.qps, 1.0, now)
            over |= self._is_over("day", options.qpd, DAY, now)
            if self._is_over("minute", options.qpm, 60.0, now):
                self._paused_until = now + options.qpm_pause_seconds
            over |= bool(options.qpm) and now < self._paused_until
        if over:
            raise RefusalError(Code.APP_RATE_LIMIT, "App reaches the QPS limit.")

    def check_advertiser(
        self, advertiser_id: str, path: str, *, now: float, options: Options
    ) -> None:
        """Over the advertiser's own limit for this path until the next second."""
        limit = options.advertiser_qps
        with self._lock:
            over = self._is_over((advertiser_id, path), limit, 1.0, now)
        if over:
            message = (
                f"Advertiser ({advertiser_id})'s QPS ({limit + 1}) reaches QPS limit {limit} for"
                " current path, request is temporarily restricted."
            )
            raise RefusalError(Code.ADVERTISER_RATE_LIMIT, message)

    def _is_over(self, what: object, limit: int, seconds: float, now: float) -> bool:
        """Count a call in the current stretch of so many seconds."""
        stretch = int(now // seconds)
        last, count = self._counts.get(what, (stretch, 0))
        count = count + 1 if last == stretch else 1
        self._counts[what] = stretch, count
        return 0 < limit < count
