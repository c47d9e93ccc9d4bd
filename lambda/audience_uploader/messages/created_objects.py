"""An event about an object to the outcome of its message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.reconciler import Reconciler
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain.drop import Drop, DropKey, confirmed_set, parse_key
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import EMPTY, Done, DropRefused, Outcome, Refusal, Skipped
from audience_uploader.messages.earlier_receipts import EarlierReceipts
from audience_uploader.messages.events import ObjectCreated
from audience_uploader.observability import Observer


@dataclass(slots=True)
class Processed:
    """A message's outcome, and the drop it is about where one was found."""

    outcome: Outcome
    drop: Drop | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event about an object, as it came; its drop goes into `found`."""

    event: ObjectCreated
    message: Message
    invocation: Invocation
    found: Processed


class CreatedObjects:
    """Says what becomes of objects that were written into one bucket."""

    def __init__(
        self,
        drops: DropStore,
        receipts: ReceiptStore,
        reconciler: Reconciler,
        skips: Skips,
        observer: Observer,
    ) -> None:
        self._drops = drops
        self._earlier = EarlierReceipts(receipts, observer)
        self._reconciler = reconciler
        self._skips = skips
        self._observer = observer

    def outcome(self, arrival: Arrival) -> Outcome:
        """Return the outcome of a message about an object.

        Raises Refusal for another bucket's object, and Unavailable.
        """
        if arrival.event.bucket != self._drops.bucket:
            raise Refusal("bad_event", _OTHER_BUCKET)
        try:
            key = parse_key(arrival.event.key)
        except DropRefused as refusal:
            return self._refused_key(arrival, refusal)
        except Skipped as skipped:
            return self._skipped(arrival, skipped)
        return self._current(arrival, key)

    def _current(self, arrival: Arrival, key: DropKey) -> Outcome:
        drop = self._drops.current(key)
        if drop is None:
            return self._rest_of_set(arrival, key)
        if drop.size == 0 and not any(part.size for part in self._drops.set_of(key)):
            self._skips.skip(drop, EMPTY, arrival.invocation)
            return Done()
        parts = self._drops.set_of(key) if arrival.event.replayed else []
        concluded = self._earlier.outcome(drop, arrival.event, arrival.message, parts=parts)
        arrival.found.drop = drop  # not before: with its old receipt it would pass for concluded
        if concluded and (arrival.message.receives > 1 or arrival.event.swept):
            return self._reconciler.finish(drop, arrival.invocation) or concluded
        return concluded or self._reconciler.reconcile(drop, arrival.invocation)

    def _rest_of_set(self, arrival: Arrival, key: DropKey) -> Outcome:
        """Reconcile what is left of a set that lost a part: a person may have deleted a bad one."""
        parts = self._drops.set_of(key)
        event, message = arrival.event, arrival.message
        opened = (p for p in parts if self._earlier.overrides(p, event, message, parts=parts))
        outcome = self._reconcile_first(arrival, opened)
        if outcome is None and message.receives > 1:
            outcome = self._reconciler.finish(Drop(key, "", 0, 0.0), arrival.invocation)
        if outcome is None:
            self._observer.nothing_to_do()
        return outcome or Done()

    def _reconcile_first(self, arrival: Arrival, opened: Iterator[Drop]) -> Outcome | None:
        """Reconcile a set by its first open part; the others are not opened for it."""
        drop = arrival.found.drop = next(opened, None)
        return self._reconciler.reconcile(drop, arrival.invocation) if drop else None

    def _refused_key(self, arrival: Arrival, refusal: DropRefused) -> Outcome:
        """Refuse a bad key once; an empty object under it is nothing to call a person for."""
        drop = self._drops.stray(arrival.event.key)
        if drop is None:
            return refusal.outcome()
        if drop.size == 0:
            self._skips.skip(drop, EMPTY, arrival.invocation)
            return Done()
        earlier = self._earlier.outcome(drop, arrival.event, arrival.message)
        arrival.found.drop = drop
        return earlier or refusal.outcome()

    def _skipped(self, arrival: Arrival, skipped: Skipped) -> Outcome:
        key = arrival.event.key
        confirmed = confirmed_set(key)
        parts = self._drops.set_of(confirmed) if confirmed else []
        if parts:
            return self._confirmed(arrival, parts)
        drop = None if key.endswith("/") else self._drops.stray(key)
        if drop:
            self._skips.skip(drop, skipped.reason, arrival.invocation)
        else:
            self._observer.skipped(skipped.reason, key=key)
        return Done()

    def _confirmed(self, arrival: Arrival, parts: Sequence[Drop]) -> Outcome:
        """Try a set that a person confirmed: a part that was refused is open again."""
        opened = (part for part in parts if self._earlier.reopen(part, arrival.message))
        return self._reconcile_first(arrival, opened) or Done()


_OTHER_BUCKET = (
    "The event is about another bucket. If this stack's bucket was renamed, copy the file to the "
    "same key in the new one; then the message can be deleted."
)
