"""Times as a person says them: in UTC, and how far they are from now."""

from datetime import UTC, datetime

from audience_uploader.domain.times import from_iso

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def seconds(value: object) -> float | None:
    """Return the seconds since the epoch of an ISO time, or None for anything else."""
    try:
        return from_iso(value) if isinstance(value, str) else None
    except ValueError:
        return None


def day(at: float) -> str:
    """Return a day in UTC: `25 Nov 2026`."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def minute(at: float) -> str:
    """Return a time in UTC: `25 Nov 2026, 04:42 UTC`."""
    return f"{day(at)}, {datetime.fromtimestamp(at, UTC):%H:%M} UTC"


def length(duration: float) -> str:
    """Return a duration in its largest whole unit: `3 hours`; less than a minute is `a moment`."""
    for unit, size in _UNITS:
        if duration >= size:
            count = int(duration // size)
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return "a moment"


def distance(at: float, now: float) -> str:
    """Return how far a time is from now: `3 hours ago`, `in 2 days`, `just now`."""
    if abs(now - at) < _UNITS[-1][1]:
        return "just now" if at <= now else "in a moment"
    return f"{length(now - at)} ago" if at < now else f"in {length(at - now)}"
