"""How big a soak is: the one place for its figures."""

from dataclasses import dataclass

# Small enough that 48 hours of processing and hours of parking pass within minutes.
CONTEXT = {"settle_seconds": 1, "retry_base_delay_seconds": 0.1, "function_timeout_seconds": 10}
FLOOR = 50
"""Ids below which the simulator's audiences are unusable; no drop has fewer."""

OPTIONS: dict[str, object] = {
    "floor": FLOOR,
    "processing_seconds": 6.0,
    "update_seconds": 4.0,
    "list_lag_seconds": 3.0,
    "list_order": "shuffled",
    "single_use_files": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The size of one run.

    `drops` are the good ones, written within `spread` seconds; `poison` come on top, and so do
    `duplicates`, a share of all events that is delivered once more. `fault_rate` is the share of
    TikTok calls that fail. `crashes` workers are killed at work. All ends after `minutes`.
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


LONG = Scale(drops=500, audiences=50, seed=20261124, minutes=12, spread=240, poison=48, crashes=16)
SHORT = Scale(drops=48, audiences=8, seed=1, minutes=2, spread=16, poison=12, crashes=0)
