"""One message to its outcome. A message is only a hint: it says which audience to reconcile.

Whether the message is done is read from its drop's receipt, whoever wrote it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.error_policy import unexpected
from audience_uploader.delivery.reconciler import Reconciler
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, DropKey, confirmed_set, parse_key
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import (
    EMPTY,
    Done,
    DropRefused,
    Outcome,
    Refusal,
    RetryLater,
    Skipped,
    Unavailable,
)
from audience_uploader.messages.earlier_receipts import EarlierReceipts
from audience_uploader.messages.events import ObjectCreated, SweepRequested, read_event
from audience_uploader.observability import Observer

Sweep = Callable[[Invocation], None]


@dataclass(slots=True)
class Processed:
    """A message's outcome, and the drop it is about where one was found."""

    outcome: Outcome
    drop: Drop | None = None


class MessageProcessor:
    """Processes messages of one bucket, one at a time; `base` is the base delay in seconds."""

    def __init__(
        self,
        drops: DropStore,
        receipts: ReceiptStore,
        reconciler: Reconciler,
        skips: Skips,
        sweep: Sweep,
        observer: Observer,
        *,
        base: float,
    ) -> None:
        self._drops = drops
        self._earlier = EarlierReceipts(receipts, observer)
        self._reconciler = reconciler
        self._skips = skips
        self._sweep = sweep
        self._observer = observer
        self._base = base
        self._bugs: Counter[str] = Counter()  # outside of a try, as this function has seen them

    def process(self, message: Message, invocation: Invocation) -> Processed:
        """Return what becomes of the message; never raises but for the end of the function."""
        found = Processed(Done())
        try:
            found.outcome = self._outcome(message, invocation, found)
        except Refusal as refusal:
            found.outcome = refusal.outcome()
        except Unavailable as error:
            self._observer.unavailable(error)
            found.outcome = self._retry(message, backoff.TRANSIENT, error.code)
        except Exception as error:  # noqa: BLE001 - a bug: noticed, and never the end of a message
            self._observer.bug(error)
            found.outcome = self._after_bug(message)
        return found

    def _outcome(self, message: Message, invocation: Invocation, found: Processed) -> Outcome:
        event = read_event(message.body)
        if isinstance(event, SweepRequested):
            self._sweep(invocation)
            return Done()
        if event.bucket != self._drops.bucket:
            raise Refusal("bad_event", _OTHER_BUCKET)
        try:
            key = parse_key(event.key)
        except DropRefused as refusal:
            return self._refused_key(event, refusal, message, invocation, found)
        except Skipped as skipped:
            return self._skipped(event, skipped, message, invocation, found)
        return self._current(key, event, message, invocation, found)

    def _current(
        self,
        key: DropKey,
        event: ObjectCreated,
        message: Message,
        invocation: Invocation,
        found: Processed,
    ) -> Outcome:
        drop = self._drops.current(key)
        if drop is None:
            return self._rest_of_set(key, event, message, invocation, found)
        if drop.size == 0 and not any(part.size for part in self._drops.set_of(key)):
            self._skips.skip(drop, EMPTY, invocation)
            return Done()
        concluded = self._earlier.outcome(drop, event, message)
        found.drop = drop  # not before: with its old receipt it would pass for concluded
        if concluded and message.receives > 1:
            return self._reconciler.finish(drop, invocation) or concluded
        return concluded or self._reconciler.reconcile(drop, invocation)

    def _rest_of_set(
        self,
        key: DropKey,
        event: ObjectCreated,
        message: Message,
        invocation: Invocation,
        found: Processed,
    ) -> Outcome:
        """Reconcile what is left of a set that lost a part: a person may have deleted a bad one."""
        for part in self._drops.set_of(key):
            if self._earlier.overrides(part, event, message):
                found.drop = part
                return self._reconciler.reconcile(part, invocation)
        self._observer.nothing_to_do()
        return Done()

    def _refused_key(
        self,
        event: ObjectCreated,
        refusal: DropRefused,
        message: Message,
        invocation: Invocation,
        found: Processed,
    ) -> Outcome:
        """Refuse a bad key once; an empty object under it is nothing to call a person for."""
        drop = self._drops.stray(event.key)
        if drop is None:
            return refusal.outcome()
        if drop.size == 0:
            self._skips.skip(drop, EMPTY, invocation)
            return Done()
        earlier = self._earlier.outcome(drop, event, message)
        found.drop = drop
        return earlier or refusal.outcome()

    def _skipped(
        self,
        event: ObjectCreated,
        skipped: Skipped,
        message: Message,
        invocation: Invocation,
        found: Processed,
    ) -> Outcome:
        confirmed = confirmed_set(event.key)
        parts = self._drops.set_of(confirmed) if confirmed else []
        if parts:
            return self._confirmed(parts, message, invocation, found)
        drop = None if event.key.endswith("/") else self._drops.stray(event.key)
        if drop:
            self._skips.skip(drop, skipped.reason, invocation)
        else:
            self._observer.skipped(skipped.reason, key=event.key)
        return Done()

    def _confirmed(
        self, parts: Sequence[Drop], message: Message, invocation: Invocation, found: Processed
    ) -> Outcome:
        """Try a set that a person confirmed: a part that was refused is open again."""
        for part in parts:
            if self._earlier.reopen(part, message):
                found.drop = part
                return self._reconciler.reconcile(part, invocation)
        return Done()

    def _retry(self, message: Message, kind: str, code: str | None = None) -> RetryLater:
        delay = backoff.delay(kind, message.receives - 1, base=self._base)
        return RetryLater(kind, delay, code)

    def _after_bug(self, message: Message) -> Outcome:
        self._bugs[message.message_id] += 1
        if self._bugs[message.message_id] >= backoff.BUGS_IN_A_ROW:
            return unexpected()
        return self._retry(message, backoff.UNEXPECTED)


_OTHER_BUCKET = (
    "The event is about another bucket. If this stack's bucket was renamed, copy the file to the "
    "same key in the new one; then the message can be deleted."
)
