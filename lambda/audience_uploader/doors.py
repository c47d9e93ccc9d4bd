"""The doors a message leaves by when it is not delivered: parked, or dead-lettered."""

from dataclasses import dataclass
from typing import Any

from audience_uploader import receipt, waits
from audience_uploader.deadline import Deadline
from audience_uploader.drops import Drop, DropChanged, Drops
from audience_uploader.errors import DeadLetter, DropRefused, OutOfTime, Park, Unavailable
from audience_uploader.events import Message
from audience_uploader.notes import Notes
from audience_uploader.observability import Observer
from audience_uploader.preparation import Reader
from audience_uploader.queue import Queue
from audience_uploader.receipts import DELIVERED, Receipts
from audience_uploader.rows import RowCounts
from audience_uploader.times import Clock, iso

_MOMENTS = (waits.LEASE_TAKEN, waits.MORE_TO_DO)  # too short to be worth a note


@dataclass(frozen=True, slots=True)
class Doors:
    """Parks and dead-letters messages, and writes down what becomes of their drops."""

    queue: Queue
    drops: Drops
    receipts: Receipts
    notes: Notes
    observer: Observer
    clock: Clock

    def dead_letter(
        self,
        message: Message,
        drop: Drop | None,
        refusal: DeadLetter,
        counts: RowCounts | None = None,
    ) -> None:
        """Puts the message into the DLQ once, after the drop's receipt says the same.

        The receipt is marked last: a crash in between tells twice rather than never.
        """
        if drop is None:
            self._tell(message, refusal)
            return
        found = self.receipts.find(drop.version)
        if found is None:
            found = self._reject(message, drop, refusal, counts)
        elif found["status"] == DELIVERED or found["dead_lettered_at"]:
            return
        self._tell(message, refusal)
        self.receipts.write(drop.version, {**found, "dead_lettered_at": iso(self.clock())})

    def park(self, message: Message, drop: Drop | None, park: Park, deadline: Deadline) -> None:
        """Sends the message back for a while and raises `park`.

        Returns only when it was dead-lettered instead: it waited for 13 days, or its drop turned
        out to be bad. A drop is read before its first long wait, so that a bad file is told of at
        once and not after two days.
        """
        if self.clock() - message.sent_at > waits.GIVE_UP_AFTER:
            self.dead_letter(message, drop, _gave_up(park))
            return
        counts = RowCounts()
        try:
            if drop and park.kind not in _MOMENTS:
                self._note(drop, park, counts, deadline)
        except DropRefused as refusal:
            self.dead_letter(message, drop, refusal, counts)
            return
        self.queue.park(message, seconds=park.delay)
        self.observer.parked(park, message)
        raise park

    def _note(self, drop: Drop, park: Park, counts: RowCounts, deadline: Deadline) -> None:
        try:
            if self.notes.exists(drop.version):
                return
            Reader(self.drops, deadline=deadline).examine(drop, counts)
            self.notes.write(drop.version, self._note_text(drop, park, counts))
        except (Unavailable, OutOfTime, DropChanged):
            return  # only a note; the drop waits all the same

    def _note_text(self, drop: Drop, park: Park, counts: RowCounts) -> dict[str, Any]:
        now = self.clock()
        return {
            "status": "waiting",
            "waits_for": park.kind,
            "drop": {"key": drop.key.key, "etag": drop.etag, "bytes": drop.size},
            "audience_name": drop.key.audience,
            "rows": receipt.rows_json(counts),
            "first_seen_waiting_at": iso(now),
            "looked_at_again_at": iso(now + park.delay),
        }

    def _reject(
        self, message: Message, drop: Drop, refusal: DeadLetter, counts: RowCounts | None
    ) -> dict[str, Any]:
        now = self.clock()
        text = receipt.rejected(
            drop,
            refusal,
            rows=receipt.rows_json(counts) if counts else None,
            attempts=message.receives,
            started_at=now,
            now=now,
        )
        self.receipts.write(drop.version, text)
        self.observer.rejected(text)
        return text

    def _tell(self, message: Message, refusal: DeadLetter) -> None:
        self.queue.dead_letter(message, refusal)
        self.observer.dead_lettered(refusal)


def _gave_up(park: Park) -> DeadLetter:
    return DeadLetter(
        "gave_up",
        f"The drop waited for 13 days (last for: {park.kind}) and SQS keeps no message longer "
        "than 14. Mend what it waits for, then redrive this message.",
    )
