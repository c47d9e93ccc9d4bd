"""One try to bring an audience up to date: its wait and its lease, the delivery, and its end."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from audience_uploader.adapters.json_store import DamagedObject
from audience_uploader.adapters.s3_state import HeldLease, LeaseTaken, StateStore
from audience_uploader.adapters.secrets import Credentials, CredentialsMissing, CredentialStore
from audience_uploader.delivery.audience_waits import AudienceWaits
from audience_uploader.delivery.crash_rules import crash_refusal, goes_alone
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.deliver import Delivery
from audience_uploader.delivery.error_policy import Waits, meaning_of, refusal_of
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter, Outcome, RetryLater, Unavailable
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer
from audience_uploader.tiktok.errors import CredentialsRefused

MakeDelivery = Callable[[HeldLease, Invocation, Credentials], AbstractContextManager[Delivery]]


class Reconciler:
    """Reconciles audiences, one writer each; every end of a try is written into the state."""

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
        self._waits = AudienceWaits(observer, clock=clock, random=random, base=base)

    def reconcile(self, drop: Drop, invocation: Invocation) -> Outcome:
        """Deliver what waits for the drop's audience; return what becomes of the drop's message.

        Raises Unavailable only while the state or the secret can't be read.
        """
        try:
            credentials: Credentials | None = self._credentials.get()
        except CredentialsMissing as missing:
            self._observer.credentials_refused(str(missing))
            return self._waits.for_credentials(invocation.attempts - 1, detail=str(missing))
        for _ in range(2):
            if credentials is None:
                break
            outcome, credentials = self._reconcile_as(credentials, drop, invocation)
            if outcome:
                return outcome
        return self._waits.for_credentials(0)

    def finish(self, drop: Drop, invocation: Invocation) -> RetryLater | None:
        """Take over what a function left that died with this drop's message, all receipts written.

        Nothing else would: its message is done then, and the sweep leaves leases alone. Returns how
        long the message has to wait for it: with a short function timeout it is back before the
        lease has run out, and without credentials nobody knows what was left.
        """
        try:
            credentials = self._credentials.get()
            state, _ = self._states.read(credentials.advertiser_id, drop.key.audience)
        except CredentialsMissing as missing:
            return self._waits.for_credentials(invocation.attempts - 1, detail=str(missing))
        except DamagedObject:
            return None
        if state.lease is None or state.lease.drop != drop.key.key:
            return None
        if self._states.is_leased(state):
            return self._waits.for_lease()
        outcome = self.reconcile(drop, invocation)
        return outcome if isinstance(outcome, RetryLater) else None

    def _reconcile_as(
        self, credentials: Credentials, drop: Drop, invocation: Invocation
    ) -> tuple[Outcome | None, Credentials | None]:
        """Return the outcome; or None, and the other credentials that are in the secret now."""
        try:
            state, etag = self._states.read(credentials.advertiser_id, drop.key.audience)
        except DamagedObject as error:
            return refusal_of(error), None
        wait = self._waits.in_force(state)
        if wait:
            return wait, None
        try:
            held = self._states.acquire(state, etag, drop=drop.key.key)
        except LeaseTaken:
            return self._waits.for_lease(), None
        return self._under_lease(held, credentials, drop, invocation)

    def _under_lease(
        self, held: HeldLease, credentials: Credentials, drop: Drop, invocation: Invocation
    ) -> tuple[Outcome | None, Credentials | None]:
        try:
            outcome = self._deliver(held, credentials, drop, invocation)
            held.state.waits_for_nothing()
            held.release()
        except LeaseTaken:
            return self._waits.for_lease(), None
        except Exception as error:  # noqa: BLE001 - the policy tells what is planned from a bug
            return self._after(error, held, credentials, drop)
        return outcome, None

    def _deliver(
        self, held: HeldLease, credentials: Credentials, drop: Drop, invocation: Invocation
    ) -> Outcome:
        if held.state.crashes:
            self._observer.crash_found(held.state.crashes)
        refusal = crash_refusal(held, drop)
        if refusal:
            return refusal
        with self._make_delivery(held, invocation, credentials) as delivery:
            return delivery.run(drop, alone=goes_alone(held.state))

    def _after(
        self, error: Exception, held: HeldLease, used: Credentials, drop: Drop
    ) -> tuple[Outcome | None, Credentials | None]:
        """Write the end of a try that an error ended."""
        fresh = self._other_credentials(error, used)
        meaning = meaning_of(error)
        try:
            if fresh or isinstance(meaning, DeadLetter):
                held.release()  # the wait stays: it is the audience's, not this message's
                return (None, fresh) if fresh else (_as_outcome(meaning), None)
            return self._waits.after(held, meaning, error, drop), None
        except LeaseTaken:
            return self._waits.for_lease(), None

    def _other_credentials(self, error: Exception, used: Credentials) -> Credentials | None:
        if not isinstance(error, CredentialsRefused):
            return None
        try:
            fresh = self._credentials.get(fresh=True)
        except (CredentialsMissing, Unavailable):
            return None
        return fresh if fresh != used else None


def _as_outcome(meaning: Waits | DeadLetter) -> DeadLetter | None:
    return meaning if isinstance(meaning, DeadLetter) else None
