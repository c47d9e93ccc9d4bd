"""How big a soak is: the one place for its figures."""

from dataclasses import dataclass

# Small enough that hours of processing and of waiting pass within minutes.
CONTEXT = {
    "settle_seconds": 1,
    "retry_base_delay_seconds": 0.1,
    "function_timeout_seconds": 10,
    "tiktok_calls_per_second": 100,
}
FLOOR = 50
"""Ids below which the simulator's audiences are unusable; no drop has fewer."""

PROCESSING_SECONDS = 6.0
OPTIONS: dict[str, object] = {
    "floor": FLOOR,
    "processing_seconds": PROCESSING_SECONDS,
    "update_seconds": 4.0,
    "list_lag_seconds": 3.0,
    "list_order": "unstable",
    "single_use_files": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The size of one run.

    `drops` are the good ones, written within `spread` seconds; `poison` come on top. `fault_rate`
    is the share of TikTok calls that fail. All ends after `minutes`.
    """

    drops: int
    audiences: int
    seed: int
    minutes: float
    spread: float
    poison: int
    fault_rate: float = 0.25


LONG = Scale(drops=500, audiences=50, seed=20261124, minutes=20.0, spread=240.0, poison=48)
SHORT = Scale(drops=48, audiences=8, seed=1, minutes=5.0, spread=16.0, poison=12)
