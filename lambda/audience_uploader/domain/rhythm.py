"""The times that one deployment works by, in seconds: its two settings, and what follows."""

from dataclasses import dataclass

from audience_uploader.domain import backoff

_SETTLED = 30  # x base: 15 minutes that an event may take to come, beside the settling


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The base delay, which every wait scales with, and the settling before a first try."""

    base: float
    settle_seconds: float

    @property
    def hour(self) -> float:
        """An hour that scales with the base delay."""
        return backoff.hours(self.base)

    @property
    def quiet(self) -> float:
        """How old a drop is before its event counts as missing."""
        return self.settle_seconds + _SETTLED * self.base
