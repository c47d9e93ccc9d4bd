"""What follows a call that TikTok took: it is noted, then its receipts are written."""

from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.changes import accept_into, change_object
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.resend import Resend
from audience_uploader.domain.batch import CREATE, UPDATE, Accepted, Batch
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.models import Audience, Change


class Acceptance:
    """Notes accepted calls in the held state, and writes their receipts.

    All raise OutOfTime, Unavailable or LeaseTaken; then the receipts are still owed.
    """

    def __init__(
        self,
        held: HeldLease,
        writer: ReceiptWriter,
        resend: Resend,
        objects: JsonStore,
        clock: Clock,
    ) -> None:
        self._held = held
        self._state = held.state
        self._writer = writer
        self._resend = resend
        self._objects = objects
        self._clock = clock

    def of_create(self, batch: Batch, change: Change, warnings: tuple[str, ...] = ()) -> None:
        """Note that TikTok made an audience of the batch."""
        self._note(self._accepted(CREATE, batch, change, warnings), before=None)

    def of_update(self, before: Audience, batch: Batch, change: Change) -> None:
        """Note that TikTok took the batch; `before` is the audience as it was just before."""
        self._note(self._accepted(UPDATE, batch, change), before=before)

    def finish(self) -> None:
        """Write the receipts that an earlier try owes."""
        if self._state.accepted:
            self._write_receipts(self._state.accepted, resumed=True)

    def _accepted(
        self, call: str, batch: Batch, change: Change, warnings: tuple[str, ...] = ()
    ) -> Accepted:
        return Accepted(
            call,
            self._clock(),
            change.audience_id,
            change.request_id,
            change.partial,
            batch,
            warnings,
        )

    def _note(self, accepted: Accepted, *, before: Audience | None) -> None:
        accept_into(self._state, accepted, before=before)
        self._held.save()
        self._write_receipts(accepted, resumed=False)

    def _write_receipts(self, accepted: Accepted, *, resumed: bool) -> None:
        change = self._state.open_change
        if change:
            self._objects.put(change.drops_at, change_object(accepted.batch))
        if accepted.action == UPDATE:  # before the receipts: without them its message comes again
            self._state.resends = accepted.batch.resends
            self._resend.open_again(self._state)
        self._writer.deliver(accepted, audience=self._state.audience_name, resumed=resumed)
        self._state.accepted = None
