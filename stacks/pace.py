"""The pace of a deployment: how long a wait can last, and how far apart reports can come."""

from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk

# An audience may take no edits for 72 hours before its message is dead-lettered, and that is
# noticed when its longest wait, of 360 times the base delay, is over; an hour for the work itself.
_STUCK_SECONDS: Final = 72 * 3600
LONGEST_WAIT_PER_BASE: Final = 360
LONGEST_REFUSAL_PER_BASE: Final = 120
_SLACK_SECONDS: Final = 3600
# The hand-made sweeps of a deployment without a schedule are judged as if they were hourly.
_USUAL_SWEEP_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How far apart reports of one and the same trouble can come; each in the setting's unit."""

    settle_seconds: int
    retry_base_delay_seconds: float
    sweep_minutes: int

    @property
    def longest_explained_wait(self) -> float:
        """The age in seconds up to which a waiting message is nothing to worry about."""
        waited = _STUCK_SECONDS + LONGEST_WAIT_PER_BASE * self.retry_base_delay_seconds
        return round(self.settle_seconds + waited) + _SLACK_SECONDS

    @property
    def between_sweeps(self) -> cdk.Duration:
        """The time from one sweep to the next."""
        return cdk.Duration.minutes(self.sweep_minutes or _USUAL_SWEEP_MINUTES)
