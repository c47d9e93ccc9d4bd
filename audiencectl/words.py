"""Figures, times and places as a person reads them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from audience_uploader.domain.row_counts import Rejected

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 row`, `2 rows`, `1,000 rows`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def kept_back(found: Rejected) -> str:
    """Return how many lines there are and where the first of them stand."""
    return lines_of({"count": found.count, "first_lines": found.lines})


def lines_of(found: Mapping[str, Any]) -> str:
    """Return the same for a reason of a receipt."""
    count, lines = found["count"], found["first_lines"]
    if not lines:
        return f"{count:,}"
    more = ", ..." if count > len(lines) else ""
    return f"{count:,} (line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}{more})"


def seconds_of(text: object) -> float | None:
    """Return the seconds since the epoch of a stored time, or None for what is none."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None


def moment(at: float | None) -> str:
    """Return a time as `2026-11-25 05:09 UTC`."""
    if at is None:
        return "an unknown time"
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def duration(seconds: float) -> str:
    """Return a span in the one or two units that matter: `45 s`, `12 min`, `3 h`, `2 days`."""
    if seconds < _MINUTE:
        return f"{max(0, round(seconds))} s"
    if seconds < 2 * _HOUR:
        return f"{round(seconds / _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{round(seconds / _HOUR)} h"
    return f"{round(seconds / _DAY)} days"


def ago(text: object, now: float) -> str:
    """Return `2026-11-25 05:09 UTC (3 h ago)` for a stored time."""
    at = seconds_of(text)
    return moment(at) if at is None else f"{moment(at)} ({duration(now - at)} ago)"


def ahead(text: object, now: float) -> str:
    """Return `2026-11-25 05:09 UTC (in 3 h)`, or that it is due."""
    at = seconds_of(text)
    if at is None:
        return "an unknown time"
    return f"{moment(at)} (in {duration(at - now)})" if at > now else f"{moment(at)} (due)"
