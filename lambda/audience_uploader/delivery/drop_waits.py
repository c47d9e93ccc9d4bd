"""The waits of single drops: which are in force, and which are of no more use."""

from collections.abc import Collection

from audience_uploader.delivery.pending import Listed
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import RetryLater
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.times import Clock


class DropWaits:
    """Reads and clears the drops' waits in a held state; they are written by Conclusions."""

    def __init__(self, state: AudienceState, clock: Clock, rhythm: Rhythm) -> None:
        self._state = state
        self._clock = clock
        self._longest = backoff.LONGEST_WAIT * rhythm.base

    def keys_in_force(self) -> Collection[str]:
        """Return the keys of drops that wait at present."""
        now, waits = self._clock(), self._state.drop_waits.items()
        return {
            k for k, w in waits if not backoff.is_over(w.not_before, now=now, longest=self._longest)
        }

    def in_force(self, drop: Drop) -> RetryLater | None:
        """Return how long a drop still waits for something of its own."""
        wait = self._state.drop_waits.get(drop.key.key)
        if wait is None or drop.key.key not in self.keys_in_force():
            return None
        return RetryLater(wait.kind, wait.not_before - self._clock(), wait.code, wait.since)

    def forget_old(self, listed: Listed) -> None:
        """Drop the waits of drops of this format that are gone or concluded."""
        opened = {key for key, _ in listed.open_versions}
        there = {d.key.key for d in listed.drops}
        waits = self._state.drop_waits.items()
        self._state.drop_waits = {k: w for k, w in waits if k in opened or k not in there}
