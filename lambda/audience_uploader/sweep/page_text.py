"""Text for the page: all that comes from outside is escaped here."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from audience_uploader.sweep.dates import distance, length, minute, seconds

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 400  # characters of one text; a key may have 1,024

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


def when(value: object, now: float) -> str:
    """Return an ISO time as a `time` element: how long ago, and below it the time in UTC."""
    at = seconds(value)
    if at is None:
        return NOTHING
    return (
        f'<time datetime="{text(value)}">{distance(at, now)}'
        f'<span class="sub">{minute(at)}</span></time>'
    )


def since(value: object, now: float) -> str:
    """Return for how long something holds since an ISO time, and below it since when."""
    at = seconds(value)
    if at is None:
        return ""
    return (
        f'<span class="sub">for {length(max(0.0, now - at))}</span>'
        f'<time class="sub" datetime="{text(value)}">since {minute(at)}</time>'
    )


def mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object as it is, and an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Any]:
    """Return a JSON list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else ()
