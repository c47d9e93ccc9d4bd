"""The waits of an audience: the one in force, and the next one after an error."""

from collections.abc import Callable
from dataclasses import replace

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.error_policy import Waits, next_wait, too_long
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import Outcome, RetryLater
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer


class AudienceWaits:
    """Says how long a message has to wait for its audience, in seconds that scale with `base`."""

    def __init__(
        self, observer: Observer, *, clock: Clock, random: Callable[[], float], base: float
    ) -> None:
        self._observer = observer
        self._clock = clock
        self._random = random
        self._base = base

    def in_force(self, state: AudienceState) -> RetryLater | None:
        """Return the wait that is not over yet."""
        now, wait = self._clock(), state.wait
        longest = backoff.LONGEST_WAIT * self._base
        if wait is None or backoff.is_over(wait.not_before, now=now, longest=longest):
            return None
        return RetryLater(wait.kind, wait.not_before - now, wait.code, wait.since)

    def for_lease(self) -> RetryLater:
        """Return the wait for another function that works on the audience."""
        return RetryLater(backoff.LEASE_TAKEN, self._base * (1 + 3 * self._random()))

    def for_credentials(self, count: int, *, detail: str | None = None) -> RetryLater:
        """Return the wait for a secret that is not right, after `count` such waits in a row."""
        delay = backoff.delay(backoff.CREDENTIALS, count, base=self._base)
        return RetryLater(backoff.CREDENTIALS, delay, detail=detail)

    def after(self, held: HeldLease, waits: Waits, error: Exception, drop: Drop) -> Outcome:
        """Note the next wait in the state, and release it; return the wait, or that it is too long.

        Raises LeaseTaken.
        """
        state, now = held.state, self._clock()
        self._notice(waits, error)
        wait = next_wait(state, waits, now=now, base=self._base, drop=drop.key.key)
        refusal = too_long(state, wait, now=now)
        # An audience that is given up on stays known as such: its other messages need not wait.
        state.wait = replace(wait, not_before=now) if refusal else wait
        held.release()
        return refusal or RetryLater(wait.kind, wait.not_before - now, wait.code, wait.since)

    def _notice(self, waits: Waits, error: Exception) -> None:
        if waits.kind == backoff.CREDENTIALS:
            self._observer.credentials_refused(str(error))
        if waits.kind == backoff.UNEXPECTED:
            self._observer.bug(error)
