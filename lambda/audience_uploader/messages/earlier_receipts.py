"""What a drop's earlier receipt leaves to do for a message about it."""

from collections.abc import Sequence
from typing import Any

from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.set_rules import SHRINKS
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter, Done, Outcome
from audience_uploader.domain.receipt import REJECTED
from audience_uploader.domain.times import from_iso
from audience_uploader.messages.events import ObjectCreated
from audience_uploader.observability import Observer


class EarlierReceipts:
    """Reads receipts, and deletes those that a newer message overrides."""

    def __init__(self, receipts: ReceiptStore, observer: Observer) -> None:
        self._receipts = receipts
        self._observer = observer

    def outcome(
        self, drop: Drop, event: ObjectCreated, message: Message, *, parts: Sequence[Drop] = ()
    ) -> Outcome | None:
        """Return the message's outcome if the drop was concluded; None if it is open (again).

        A redrive overrides a refusal, a replay any receipt, if they are older than the message.
        A replay opens all `parts` of the drop's set: it is sent or refused as one.
        """
        found = self._standing(drop, event, message, parts)
        if found is None:
            return None
        if found["status"] == REJECTED and not found.get("dead_lettered_at", True):
            return DeadLetter(found["reason"], found["message"])  # as version 0.1.0 left it
        self._observer.nothing_to_do()
        return Done()

    def overrides(
        self, drop: Drop, event: ObjectCreated, message: Message, *, parts: Sequence[Drop]
    ) -> bool:
        """Tell whether the drop is open for the message, which deletes what it overrides."""
        return self._standing(drop, event, message, parts) is None

    def reopen(self, drop: Drop, message: Message) -> bool:
        """Delete the drop's receipt if it is a refusal; tell whether the drop is open now.

        What a person confirms is meant even where it was refused since; any other refusal only
        if it is older than the message, as for a redrive.
        """
        found = self._receipts.forget(drop.version, older_than=message.sent_at, status=REJECTED)
        if found and found.get("reason") == SHRINKS:
            always = float("inf")
            found = self._receipts.forget(drop.version, older_than=always, status=REJECTED)
        return found is None

    def _standing(
        self, drop: Drop, event: ObjectCreated, message: Message, parts: Sequence[Drop]
    ) -> dict[str, Any] | None:
        if event.replayed:
            self._open_others(drop, parts, older_than=message.sent_at)
        status = None if event.replayed else REJECTED
        return self._receipts.forget(drop.version, older_than=message.sent_at, status=status)

    def _open_others(self, drop: Drop, parts: Sequence[Drop], *, older_than: float) -> None:
        """Open the rest of a replayed set, before the drop itself: a crash leaves it to a retry."""
        found = self._receipts.find(drop.version) if parts else None
        if found and from_iso(found["times"]["written_at"]) < older_than:
            others = [part.version for part in parts if part.version != drop.version]
            self._receipts.forget_all(others, older_than=older_than)
