"""Text for the page: all that comes from outside is escaped here, and times are spelt out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from audience_uploader.domain.times import from_iso

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 400  # characters of one text; a key may have 1,024
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))

NOTHING = '<span class="muted">&ndash;</span>'


def text(value: object) -> str:
    """Return a value as text that is safe between tags and inside a quoted attribute."""
    plain = _UNSHOWABLE.sub("\ufffd", str(value))
    if len(plain) > _LONGEST:
        plain = f"{plain[: _LONGEST - 120]} … {plain[-110:]}"
    return escape(plain, quote=True)


def name(value: object) -> str:
    """Return a name from outside, kept apart from the text around it whatever its direction."""
    return f"<bdi>{text(value)}</bdi>"


def number(value: object) -> str:
    """Return a whole number with thousands marks; a dash for anything else."""
    return f"{value:,}" if is_number(value) else "&ndash;"


def is_number(value: object) -> bool:
    """Tell whether a value is a whole number, which True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its word: `1 file`, `2 files`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


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


def moment(at: float) -> str:
    """Return a time in UTC: `25 Nov 2026, 04:42 UTC`."""
    return f"{day(at)}, {datetime.fromtimestamp(at, UTC):%H:%M} UTC"


def distance(at: float, now: float) -> str:
    """Return how far a time is from now: `3 hours ago`, `in 2 days`, `just now`."""
    apart = abs(now - at)
    for unit, length in _UNITS:
        if apart >= length:
            count = plural(int(apart // length), unit)
            return f"{count} ago" if at < now else f"in {count}"
    return "just now" if at <= now else "in less than a minute"


def when(value: object, now: float) -> str:
    """Return an ISO time as a `time` element: how long ago, and below it the time in UTC."""
    at = seconds(value)
    if at is None:
        return NOTHING
    return (
        f'<time datetime="{text(value)}">{distance(at, now)}'
        f'<span class="sub">{moment(at)}</span></time>'
    )


def mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object as it is, and an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}
