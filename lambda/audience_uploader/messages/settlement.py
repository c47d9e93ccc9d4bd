"""Carry out a message's outcome: done, retry later, or dead-letter."""

from typing import Any

from audience_uploader.adapters.s3_drops import DropChanged
from audience_uploader.adapters.s3_receipts import WaitingNotes
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import (
    DeadLetter,
    Done,
    DropRefused,
    Outcome,
    OutOfTime,
    RetryLater,
    Skipped,
    Unavailable,
    Unreadable,
)
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.domain.times import Clock
from audience_uploader.domain.waiting_note import waiting_note
from audience_uploader.observability import Observer

# Too short to be worth a note, or the drop may be what broke the function.
_NOT_NOTED = (
    backoff.LEASE_TAKEN,
    backoff.MORE_TO_DO,
    backoff.UNEXPECTED,
    backoff.SET_INCOMPLETE,
)


class Settlement:
    """Settles messages, and writes down why a drop waits."""

    def __init__(
        self,
        queue: Queue,
        rejections: Rejections,
        notes: WaitingNotes,
        skips: Skips,
        observer: Observer,
        clock: Clock,
    ) -> None:
        self._queue = queue
        self._rejections = rejections
        self._notes = notes
        self._skips = skips
        self._observer = observer
        self._clock = clock

    def apply(
        self,
        message: Message,
        drop: Drop | None,
        outcome: Outcome,
        invocation: Invocation,
        reader: DropReader,
    ) -> bool:
        """Carry an outcome out; tell whether the message may be deleted.

        Raises Unavailable when SQS or S3 fails; the message then comes back by itself.
        """
        if isinstance(outcome, RetryLater):
            changed = self._before_waiting(message, drop, outcome, reader, invocation)
            if changed is None:
                self._hide(message, drop, outcome, invocation)
                return False
            outcome = changed
        if isinstance(outcome, DeadLetter):
            self._dead_letter(message, drop, outcome, invocation)
        return True

    def _dead_letter(
        self, message: Message, drop: Drop | None, refusal: DeadLetter, invocation: Invocation
    ) -> None:
        if drop is None:
            self._rejections.dead_letter(message.body, None, refusal)
        else:
            self._rejections.reject(drop, refusal, invocation, body=message.body)

    def _hide(
        self, message: Message, drop: Drop | None, outcome: RetryLater, invocation: Invocation
    ) -> None:
        now = self._clock()
        self._queue.hide(message, seconds=outcome.delay, received_ago=now - invocation.started_at)
        digest = drop.audience_digest if drop else None
        self._observer.retry_later(outcome, message, audience=digest, age=now - message.sent_at)

    def _before_waiting(
        self,
        message: Message,
        drop: Drop | None,
        outcome: RetryLater,
        reader: DropReader,
        invocation: Invocation,
    ) -> Outcome | None:
        """Return another outcome where waiting is pointless, else None; a drop gets its note.

        SQS would soon take the message away without a word, or the drop turns out to be bad: it
        is read before its first long wait, so that a bad file is told of at once.
        """
        waited = self._clock() - message.sent_at
        if waited > backoff.GIVE_UP_AFTER or message.receives >= backoff.MOST_RECEIVES:
            return _gave_up(outcome, waited)
        if drop is None or not drop.key.audience or outcome.kind in _NOT_NOTED:
            return None
        counts = RowCounts()
        try:
            self._note(drop, outcome, counts, reader)
        except DropRefused as refusal:
            alone = drop.key.set_name is None  # a set is refused as one, by its reconcile
            return refusal.outcome(counts) if alone else None
        except Skipped as skipped:
            if drop.key.set_name is None:
                self._skips.skip(drop, skipped.reason, invocation)
                return Done()
        return None

    def _note(self, drop: Drop, outcome: RetryLater, counts: RowCounts, reader: DropReader) -> None:
        """Written first without rows: what kills its reader must not do so with each receive."""
        try:
            found = self._notes.find(drop.version)
            rows = (found or {}).get("rows")
            first_seen = (found or {}).get("first_seen_waiting_at")
            self._write(drop, outcome, rows, first_seen)
            if found is None and outcome.kind != backoff.UNREADABLE:
                reader.examine(drop, counts)
                self._write(drop, outcome, counts, first_seen)
        except (DropRefused, Skipped):
            raise
        except (Unavailable, OutOfTime, DropChanged, Unreadable):
            return  # only a note; the drop waits all the same
        except Exception as error:  # noqa: BLE001 - a bug in reading: its reconcile counts it
            self._observer.bug(error)

    def _write(self, drop: Drop, outcome: RetryLater, rows: Any, first_seen: str | None) -> None:
        note = waiting_note(drop, outcome, rows=rows, first_seen=first_seen, now=self._clock())
        self._notes.write(drop.version, note)


def _gave_up(outcome: RetryLater, waited: float) -> DeadLetter:
    return DeadLetter(
        "gave_up",
        f"The drop waited for {waited / 86_400:.1f} days (last for: {outcome.kind}), and SQS takes "
        "a message away after 14 days or 1,000 receives. Put right what it waits for, then "
        "redrive this message.",
    )
