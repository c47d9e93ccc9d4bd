"""Made-up figures: one invented day of a stack that works, with two things for a person to see.

A Clean Rooms query writes its parts at six, another at two in the afternoon; TikTok's limit is met
with both; two files end in the dead-letter queue at half past nine. Nothing here was measured.
"""

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

POINTS = 96  # a day, a quarter of an hour each


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How a figure goes through the day: its peaks come with the two queries."""

    base: float = 0
    noise: float = 0
    peak: float = 0
    width: float = 0.5  # hours
    moments: tuple[float, ...] = ()  # hours at which it is 2 for once
    lasting_from: float = 24  # hour from which on it is 2
    counted: bool = True  # whole numbers only

    def at(self, hour: float, chance: random.Random) -> float:
        """The figure of the quarter of an hour that begins at `hour`."""
        value = self.base + self.noise * chance.random()
        value += self.peak * (self._near(hour, 6) + 0.6 * self._near(hour, 14))
        value += 2 * any(0 <= hour - moment < 24 / POINTS for moment in self.moments)
        value += 2 * (hour >= self.lasting_from)
        return float(round(value)) if self.counted else value

    def _near(self, hour: float, middle: float) -> float:
        return math.exp(-(((hour - middle) / self.width) ** 2))


# By metric name, or by label where one metric is shown twice; all others are flat zero.
_DAYS: dict[str, Day] = {
    "Invocations": Day(noise=4, peak=46),
    "half within": Day(base=74, noise=9, peak=40, counted=False),
    "slowest": Day(base=120, noise=60, peak=760, width=1.4, counted=False),
    "RowsSent": Day(noise=9e3, peak=2.4e6, width=0.35),
    "RowsRejected": Day(noise=300, peak=6e4, width=0.35),
    "ApproximateNumberOfMessagesVisible": Day(peak=8, width=0.3),
    "ApproximateNumberOfMessagesNotVisible": Day(base=2, noise=1, peak=34, width=1.1),
    "ApproximateNumberOfMessagesDelayed": Day(peak=40, width=0.16),
    "MessagesParked": Day(noise=2, peak=28, width=0.8),
    "dead letters": Day(lasting_from=9.5),
    "MessagesDeadLettered": Day(moments=(9.5,)),
    "DropsRejected": Day(moments=(9.5,)),
    "DropsDelivered": Day(noise=1.2, peak=22),
    "MessagesSkipped": Day(moments=(6, 14)),
    "TikTokCalls": Day(noise=6, peak=110),
    "AudienceBusy": Day(peak=3, width=0.9),
    "RateLimited": Day(peak=7, width=0.3),
    "ServerFault": Day(moments=(3.25, 11, 17.5)),
}
_TABLES: tuple[tuple[str, dict[str, Sequence[str]]], ...] = (
    (
        "dead",
        {
            "count": ("1", "1"),
            "latest_time": ("09:41:12", "09:40:58"),
            "reason": ("no_valid_rows", "other_id_type"),
        },
    ),
    (
        "",
        {
            "count": ("31", "9", "4"),
            "latest_time": ("23:47:03", "23:12:40", "06:18:27"),
            "reason": ("audience_busy", "lease_taken", "rate_limited"),
        },
    ),
)
_AUDIENCES = ("b403204717d3", "5c1e90aa27f4", "e2760fd18b3c")
ALARMS_ON = frozenset({"DeadLettersWaiting"})
ERROR_CLASSES = ("AudienceBusy", "RateLimited", "ServerFault")


def series(metric: str, label: str) -> list[float]:
    """POINTS figures of a day, the same at every call."""
    day = _DAYS.get(label) or _DAYS.get(metric) or Day()
    chance = random.Random(f"{metric} {label}")
    return [day.at(24 * n / POINTS, chance) for n in range(POINTS)]


def total(metric: str) -> str:
    """A day's sum as a person reads it."""
    return short(sum(series(metric, "")))


def short(value: float) -> str:
    """A figure in few characters."""
    if value >= 1e6:
        return f"{value / 1e6:.1f}M"
    if value >= 1e4:
        return f"{value / 1e3:.0f}k"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(query: str) -> tuple[list[str], list[list[str]]]:
    """Columns as the query names them, and a few made-up rows."""
    stats = re.search(r"stats (.+?) by ([^|\n]+)", query)
    counted = re.findall(r" as (\w+)", stats[1]) if stats else ["@timestamp"]
    groups = [name.strip() for name in stats[2].split(",")] if stats else ["@message"]
    cells = next(found for word, found in _TABLES if word in query)
    columns = [_cells(name, cells) for name in (*counted, *groups)]
    return [*counted, *groups], [list(row) for row in zip(*columns, strict=True)]


def _cells(name: str, cells: dict[str, Sequence[str]]) -> Sequence[str]:
    if "audience" in name:
        return _AUDIENCES[: len(cells["count"])]
    if name in cells:
        return cells[name]
    return cells["reason"] if name in ("waits_for", "kind") else cells["count"]
