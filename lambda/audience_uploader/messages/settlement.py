"""Carry out a message's outcome: done, retry later, or dead-letter."""

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
    RetryLater,
    Skipped,
)
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.domain.times import Clock
from audience_uploader.messages.note_writer import NoteWriter
from audience_uploader.observability import Observer


class Settlement:
    """Settles messages, and has it written down why a drop waits."""

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
        self._notes = NoteWriter(notes, observer, clock)
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
        if drop is None or not drop.key.audience:
            return None
        counts = RowCounts()
        try:
            self._notes.note(drop, outcome, counts, reader)
        except DropRefused as refusal:
            alone = drop.key.set_name is None  # a set is refused as one, by its reconcile
            return refusal.outcome(counts) if alone else None
        except Skipped as skipped:
            if drop.key.set_name is None:
                self._skips.skip(drop, skipped.reason, invocation)
                return Done()
        return None


def _gave_up(outcome: RetryLater, waited: float) -> DeadLetter:
    return DeadLetter(
        "gave_up",
        f"The drop waited for {waited / 86_400:.1f} days (last for: {outcome.kind}), and SQS takes "
        "a message away after 14 days or 1,000 receives. Put right what it waits for, then "
        "redrive this message.",
    )
