"""Times: seconds since the epoch inside, ISO 8601 in UTC wherever a person reads them."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]


def iso(seconds: float) -> str:
    """`2026-01-31T12:00:00.000Z`, to the millisecond."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def from_iso(text: str) -> float:
    """Return the seconds since the epoch that `iso` wrote down."""
    return datetime.fromisoformat(text).timestamp()
