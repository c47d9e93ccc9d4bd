"""One message to its outcome. A message is only a hint: it says which audience to reconcile.

Whether the message is done is read from its drop's receipt, whoever wrote it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.error_policy import unexpected
from audience_uploader.delivery.reconciler import Reconciler
from audience_uploader.delivery.set_rules import SHRINKS
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, DropKey, confirmed_set, parse_key
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import (
    EMPTY,
    DeadLetter,
    Done,
    DropRefused,
    Outcome,
    Refusal,
    RetryLater,
    Skipped,
    Unavailable,
)
from audience_uploader.domain.receipt import REJECTED
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
        self._receipts = receipts
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
            return self._skipped(event.key, skipped.reason, message, invocation, found)
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
            self._observer.nothing_to_do()
            return Done()
        if drop.size == 0:
            self._skips.skip(drop, EMPTY, invocation)
            return Done()
        receipt = self._standing(drop, event, message)
        found.drop = drop  # not before: with its old receipt it would pass for concluded
        return self._concluded(receipt) or self._reconciler.reconcile(drop, invocation)

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
        receipt = self._standing(drop, event, message)
        found.drop = drop
        return self._concluded(receipt) or refusal.outcome()

    def _skipped(
        self, key: str, reason: str, message: Message, invocation: Invocation, found: Processed
    ) -> Outcome:
        confirmed = confirmed_set(key)
        parts = self._drops.parts_of(confirmed) if confirmed else []
        if parts:
            return self._confirmed(parts, message, invocation, found)
        drop = None if key.endswith("/") else self._drops.stray(key)
        if drop:
            self._skips.skip(drop, reason, invocation)
        else:
            self._observer.skipped(reason, key=key)
        return Done()

    def _confirmed(
        self, parts: Sequence[Drop], message: Message, invocation: Invocation, found: Processed
    ) -> Outcome:
        """Try a set that a person confirmed: one refused part that is open again opens it.

        What becomes of this message is then the set's.
        """
        for part in parts:
            if self._is_open(part, message):
                found.drop = part
                return self._reconciler.reconcile(part, invocation)
        return Done()

    def _is_open(self, part: Drop, message: Message) -> bool:
        """Open a part that was refused before, or for what the person confirms, and tell so."""
        receipt = self._receipts.forget(part.version, older_than=message.sent_at, status=REJECTED)
        if receipt and receipt.get("reason") == SHRINKS:
            always = float("inf")
            receipt = self._receipts.forget(part.version, older_than=always, status=REJECTED)
        return receipt is None

    def _standing(
        self, drop: Drop, event: ObjectCreated, message: Message
    ) -> dict[str, Any] | None:
        """Return the drop's receipt, unless the message overrides it, which deletes it.

        A redrive overrides a refusal, a replay any receipt, if they are older than the message.
        """
        status = None if event.replayed else REJECTED
        return self._receipts.forget(drop.version, older_than=message.sent_at, status=status)

    def _concluded(self, found: dict[str, Any] | None) -> Outcome | None:
        """Return what a drop's receipt leaves to do for its message; None while there is none."""
        if found is None:
            return None
        if found["status"] == REJECTED and not found.get("dead_lettered_at", True):
            return DeadLetter(found["reason"], found["message"])  # as version 0.1.0 left it
        self._observer.nothing_to_do()
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
