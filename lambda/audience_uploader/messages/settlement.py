"""The doors a message leaves by when it is not delivered: parked, or dead-lettered."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from audience_uploader.adapters.aws_errors import PreconditionFailed
from audience_uploader.adapters.s3_drops import DropChanged
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.adapters.waiting_notes import WaitingNotes
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.domain import backoff, receipt
from audience_uploader.domain.drop import Drop, audience_digest
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter, DropRefused, OutOfTime, Park, Unavailable
from audience_uploader.domain.receipt import DELIVERED
from audience_uploader.domain.times import Clock, iso
from audience_uploader.observability import Observer
from audience_uploader.rows import RowCounts

_CLAIMS = 3  # tries; each failure means that somebody else wrote the receipt
# Too short to be worth a note, or the drop may be what broke the function.
_UNNOTED = (backoff.LEASE_TAKEN, backoff.MORE_TO_DO, backoff.UNEXPECTED)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Parks and dead-letters messages, and writes down what becomes of their drops."""

    queue: Queue
    receipts: ReceiptStore
    notes: WaitingNotes
    observer: Observer
    clock: Clock
    make_reader: Callable[[Deadline], DropReader]

    def dead_letter(
        self,
        message: Message,
        drop: Drop | None,
        refusal: DeadLetter,
        counts: RowCounts | None = None,
    ) -> None:
        """Puts the message into the DLQ once, after the drop's receipt says the same.

        The receipt names the message before it goes, so of several about one drop only one does.
        It is marked last: a crash in between tells twice rather than never.
        """
        if drop is None:
            self._tell(message, None, refusal)
        elif claim := self._claim(message, drop, refusal, counts):
            self._tell(message, drop, refusal)
            self._mark(drop, *claim)

    def _claim(
        self, message: Message, drop: Drop, refusal: DeadLetter, counts: RowCounts | None
    ) -> tuple[dict[str, Any], str] | None:
        """The receipt that now names this message, and its ETag; None when there is no need.

        A message that was named before and has died comes back, and is let through then.
        """
        for _ in range(_CLAIMS):
            found, etag = self.receipts.look(drop.version)
            if found and not _needs(found, message):
                return None
            text = found or self._rejected(message, drop, refusal, counts)
            claimed = {**text, "dead_lettered_message": message.message_id}
            with suppress(PreconditionFailed):
                etag = self.receipts.replace(drop.version, claimed, etag=etag)
                if not found:
                    self.observer.rejected(claimed)
                return claimed, etag
        raise Unavailable("s3", "ConditionalRequestConflict")

    def _mark(self, drop: Drop, claimed: dict[str, Any], etag: str) -> None:
        with suppress(PreconditionFailed):  # delivered by another look in the meantime
            told = {**claimed, "dead_lettered_at": iso(self.clock())}
            self.receipts.replace(drop.version, told, etag=etag)

    def park(self, message: Message, drop: Drop | None, park: Park, deadline: Deadline) -> None:
        """Sends the message back for a while and raises `park`.

        Returns only when it was dead-lettered instead: SQS would soon take it away without a word,
        or its drop turned out to be bad. A drop is read before its first long wait, so that a bad
        file is told of at once and not after two days.
        """
        waited = self.clock() - message.sent_at
        if waited > backoff.GIVE_UP_AFTER or message.receives >= backoff.MOST_RECEIVES:
            self.dead_letter(message, drop, _gave_up(park, waited))
            return
        counts = RowCounts()
        try:
            if drop and drop.key.audience and park.kind not in _UNNOTED:
                self._note(drop, park, counts, deadline)
        except DropRefused as refusal:
            self.dead_letter(message, drop, refusal, counts)
            return
        self.queue.park(message, seconds=park.delay)
        self.observer.parked(park, message, audience=_digest(drop), age=waited)
        raise park from None  # what led here may quote what must not be shown

    def _note(self, drop: Drop, park: Park, counts: RowCounts, deadline: Deadline) -> None:
        """Written first without rows: what kills its reader must not do so with each receive."""
        try:
            if self.notes.exists(drop.version):
                return
            self.notes.write(drop.version, self._note_text(drop, park, None))
            self.make_reader(deadline).examine(drop, counts)
            self.notes.write(drop.version, self._note_text(drop, park, counts))
        except (Unavailable, OutOfTime, DropChanged):
            return  # only a note; the drop waits all the same

    def _note_text(self, drop: Drop, park: Park, counts: RowCounts | None) -> dict[str, Any]:
        now = self.clock()
        return {
            "status": "waiting",
            "waits_for": park.kind,
            "drop": {"key": drop.key.key, "etag": drop.etag, "bytes": drop.size},
            "audience_name": drop.key.audience,
            "rows": receipt.rows_json(counts) if counts else None,
            "first_seen_waiting_at": iso(now),
            "looked_at_again_at": iso(now + park.delay),
        }

    def _rejected(
        self, message: Message, drop: Drop, refusal: DeadLetter, counts: RowCounts | None
    ) -> dict[str, Any]:
        now = self.clock()
        return receipt.rejected(
            drop,
            refusal,
            rows=receipt.rows_json(counts) if counts and counts.read else None,
            attempts=message.receives,
            started_at=now,
            now=now,
        )

    def _tell(self, message: Message, drop: Drop | None, refusal: DeadLetter) -> None:
        self.queue.dead_letter(message, refusal)
        self.observer.dead_lettered(refusal, audience=_digest(drop))


def _digest(drop: Drop | None) -> str | None:
    return audience_digest(drop.key.audience) if drop and drop.key.audience else None


def _needs(found: Mapping[str, Any], message: Message) -> bool:
    """Whether a receipt's refusal is still to be told, and by this message."""
    if found["status"] == DELIVERED or found["dead_lettered_at"]:
        return False
    return found.get("dead_lettered_message") in (None, message.message_id)


def _gave_up(park: Park, waited: float) -> DeadLetter:
    return DeadLetter(
        "gave_up",
        f"The drop waited for {waited / 86_400:.1f} days (last for: {park.kind}), and SQS takes a "
        "message away after 14 days or 1,000 receives. Mend what it waits for, then redrive this "
        "message.",
    )
