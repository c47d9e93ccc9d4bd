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

    `drops` are the good ones, written within `spread` seconds; `poison` come on top, and so do
    `duplicates`, a share of all events that is delivered once more. `fault_rate` is the share of
    TikTok calls that fail. `crashes` workers are killed. All ends after `minutes`. With `outcomes`
    the run ends with a sweep, and each receipt must say what TikTok made of its drop.
    """

    drops: int
    audiences: int
    seed: int
    minutes: float
    spread: float
    poison: int
    crashes: int
    fault_rate: float = 0.25
    duplicates: float = 0.15
    outcomes: bool = False

    def __post_init__(self) -> None:
        # An advertiser may have 400 audiences; some are there before, some are for poison.
        if not 2 <= self.audiences <= min(self.drops, 200) or not 0 <= self.poison <= 240:
            raise ValueError("audiences must be 2 to 200, no more than drops; poison 0 to 240")
        if not 0 <= self.fault_rate <= 0.8 or not 0 <= self.duplicates <= 1:
            raise ValueError("fault-rate must be 0 to 0.8, duplicates 0 to 1")


LONG = Scale(
    drops=500, audiences=50, seed=20261124, minutes=12.0, spread=240.0, poison=48, crashes=16
)
SHORT = Scale(drops=48, audiences=8, seed=1, minutes=2.0, spread=16.0, poison=12, crashes=0)
