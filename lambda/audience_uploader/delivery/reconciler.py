"""One look at an audience: its wait and its lease, the delivery, and how it ended."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from audience_uploader.adapters.s3_state import HeldLease, LeaseTaken, StateStore
from audience_uploader.adapters.secrets import Credentials, CredentialsMissing, CredentialStore
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.deliver import Delivery
from audience_uploader.delivery.error_policy import next_wait, too_long, verdict, wait_kind
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter, Outcome, Park, Unavailable
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer
from audience_uploader.tiktok.errors import CredentialsRefused

CRASHES_IN_A_ROW = 5
CRASHES_OF_ANY = 10  # when it is not the message's own drop that the last holder died with
ALONE_AFTER = 3  # crashes or bugs in a row, from then on only the message's own drop is taken


@dataclass(frozen=True, slots=True)
class Look:
    """What a message asks for: a look at the audience of its drop."""

    drop: Drop
    receives: int
    deadline: Deadline


class CredentialsChanged(Exception):
    """TikTok refused credentials that are not the ones in the secret any more."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__("the secret holds other credentials now")
        self.credentials = credentials


MakeDelivery = Callable[[HeldLease, Look, Credentials], AbstractContextManager[Delivery]]


class Reconciler:
    """Reconciler at audiences, one writer each; every end of a look is written into the record."""

    def __init__(
        self,
        states: StateStore,
        credentials: CredentialStore,
        make_delivery: MakeDelivery,
        observer: Observer,
        *,
        clock: Clock,
        random: Callable[[], float],
        base: float,
    ) -> None:
        self._states = states
        self._credentials = credentials
        self._make_delivery = make_delivery
        self._observer = observer
        self._clock = clock
        self._random = random
        self._base = base

    def look(self, look: Look) -> bool:
        """Delivers what waits for the drop's audience; True when some is left for a next look.

        Raises Park or DeadLetter; Unavailable only while the record can't be read.
        """
        credentials = self._known_credentials(look)
        for _ in range(2):
            try:
                return self._look_as(credentials, look)
            except CredentialsChanged as changed:
                credentials = changed.credentials
        raise Park(
            backoff.CREDENTIALS, delay=backoff.delay(backoff.CREDENTIALS, 0, base=self._base)
        )

    def _known_credentials(self, look: Look) -> Credentials:
        try:
            return self._credentials.get()
        except CredentialsMissing:
            self._observer.credentials_refused()
            count = look.receives - 1
            delay = backoff.delay(backoff.CREDENTIALS, count, base=self._base)
            raise Park(backoff.CREDENTIALS, delay=delay) from None

    def _look_as(self, credentials: Credentials, look: Look) -> bool:
        record, etag = self._states.read(credentials.advertiser_id, look.drop.key.audience)
        self._respect_wait(record)
        try:
            held = self._states.acquire(record, etag, drop=look.drop.key.key)
        except LeaseTaken:
            raise self._lease_taken() from None
        try:
            left_over = self._deliver(held, look, credentials)
            held.record.waits_for_nothing()
            held.release()
        except Exception as error:
            raise self._ended(held, error, credentials, look) from error
        return left_over

    def _respect_wait(self, record: AudienceState) -> None:
        now = self._clock()
        if record.wait and record.wait.not_before > now:
            raise Park(record.wait.kind, delay=record.wait.not_before - now)

    def _lease_taken(self) -> Park:
        return Park(backoff.LEASE_TAKEN, delay=self._base * (1 + 3 * self._random()))

    def _deliver(self, held: HeldLease, look: Look, credentials: Credentials) -> bool:
        crashes, wait = held.record.crashes, held.record.wait
        if crashes:
            self._observer.crash_found(crashes)
        own = held.died_with == look.drop.key.key
        if crashes >= (CRASHES_IN_A_ROW if own else CRASHES_OF_ANY):
            raise _crashed(crashes)
        bugs = wait.count + 1 if wait and wait.kind == backoff.UNEXPECTED else 0
        with self._make_delivery(held, look, credentials) as delivery:
            return delivery.run(alone=max(crashes, bugs) >= ALONE_AFTER)

    def _ended(
        self, held: HeldLease, error: Exception, credentials: Credentials, look: Look
    ) -> Exception:
        if isinstance(error, LeaseTaken):
            return self._lease_taken()
        changed = self._other_credentials(error, credentials)
        refusal = verdict(error)
        if changed or refusal:
            self._release(held)  # the wait stays: it is the audience's, not this message's
            return changed or refusal or error
        return self._wait(held, error, look)

    def _release(self, held: HeldLease) -> None:
        try:
            held.release()
        except LeaseTaken:
            raise self._lease_taken() from None

    def _other_credentials(self, error: Exception, used: Credentials) -> CredentialsChanged | None:
        if not isinstance(error, CredentialsRefused):
            return None
        try:
            fresh = self._credentials.get(fresh=True)
        except (CredentialsMissing, Unavailable):
            return None
        return CredentialsChanged(fresh) if fresh != used else None

    def _wait(self, held: HeldLease, error: Exception, look: Look) -> Outcome:
        record, now = held.record, self._clock()
        kind = wait_kind(error)
        self._notice(kind, error)
        wait = next_wait(record, kind, now=now, base=self._base, drop=look.drop.key.key)
        refusal = too_long(record, wait, now=now)
        # An audience that is given up on stays known as such: its other messages need not wait.
        record.wait = replace(wait, not_before=now) if refusal else wait
        self._release(held)
        return refusal or Park(kind, delay=wait.not_before - now)

    def _notice(self, kind: str, error: Exception) -> None:
        if kind == backoff.CREDENTIALS:
            self._observer.credentials_refused()
        if kind == backoff.UNEXPECTED:
            self._observer.bug(error)


def _crashed(crashes: int) -> DeadLetter:
    return DeadLetter(
        "crashed",
        f"The function died {crashes} times in a row while it worked on this audience "
        "(out of memory, or out of time); its log says more. Split the drop or mend the cause, "
        "then redrive this message.",
    )
