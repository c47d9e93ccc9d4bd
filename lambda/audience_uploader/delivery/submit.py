"""The one call that changes an audience, and the memory that survives its every end."""

from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.changes import accept_into, change_object
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.resend import Resend
from audience_uploader.delivery.unanswered_create import UnansweredCreate
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import CREATE, UPDATE, Accepted, Batch
from audience_uploader.domain.outcomes import OutOfTime, Unavailable
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import ServerFault, TikTokError
from audience_uploader.tiktok.models import Audience, Change


class Submission:
    """Creates or changes one audience; the state is stored before and after each call.

    Raises Refusal, TikTokError, CreateUnanswered, OutOfTime, Unavailable or LeaseTaken.
    """

    def __init__(
        self,
        held: HeldLease,
        client: TikTokClient,
        writer: ReceiptWriter,
        resend: Resend,
        unanswered: UnansweredCreate,
        objects: JsonStore,
        clock: Clock,
    ) -> None:
        self._held = held
        self._client = client
        self._writer = writer
        self._resend = resend
        self._unanswered = unanswered
        self._objects = objects
        self._clock = clock
        self.seen: Audience | None = None  # the audience as it was just before the call

    @property
    def _state(self) -> AudienceState:
        return self._held.state

    def finish_what_was_begun(self) -> None:
        """Settle a create without an answer, and write receipts that an earlier try owes."""
        if self._state.pending_create:
            self._find_created(self._state.pending_create)
        if self._state.accepted:
            self._write_receipts(self._state.accepted, resumed=True)

    def submit(self, audience: Audience | None, batch: Batch, *, made_anew: str | None) -> bool:
        """Have TikTok take the batch, into this audience or into a new one of the name.

        Return whether it did; if not, the batch is kept for the audience that was found instead of
        a new one. `made_anew` is the warning for a new one that stands in for one that is gone.
        """
        warnings = (made_anew,) if made_anew else ()
        if audience is None:
            return self._create(batch, warnings)
        self.update(audience, batch)
        return True

    def update(self, audience: Audience, batch: Batch) -> None:
        """Append, remove or replace; sent again after a lost answer, since it does no harm."""
        self.seen = audience
        state = self._state
        changed_before = state.changed_at
        # Written first: TikTok may be at work on it for 48 h from now, though nobody hears of it.
        state.reusable_uploads, state.changed_at = batch, self._clock()
        self._held.save()
        paths = [u.file_path for u in batch.uploads]
        try:
            change = self._client.update(
                audience.audience_id, action=batch.action.upper(), file_paths=paths
            )
        except (TikTokError, OutOfTime) as error:
            if isinstance(error, OutOfTime) or not error.may_have_acted:
                state.changed_at = changed_before
            raise
        self._accept(UPDATE, batch, change)

    def _create(self, batch: Batch, warnings: tuple[str, ...]) -> bool:
        batch.at = self._clock()
        self._state.pending_create, self._state.reusable_uploads = batch, None
        self._save_before_create()
        try:
            change = self._client.create(
                self._state.audience_name,
                calculate_type=batch.calculate_type,
                file_paths=[u.file_path for u in batch.uploads],
            )
        except ServerFault:
            return self._find_created(batch)
        except (TikTokError, OutOfTime):
            self._state.pending_create = None  # refused or never sent: it did not act
            raise
        self._state.shown_name = None
        self._accept(CREATE, batch, change, warnings)
        return True

    def _save_before_create(self) -> None:
        try:
            self._held.save()
        except Unavailable:
            self._state.pending_create = None  # never sent, so nothing to look for
            raise

    def _accept(
        self, call: str, batch: Batch, change: Change, warnings: tuple[str, ...] = ()
    ) -> None:
        accepted = Accepted(
            call,
            self._clock(),
            change.audience_id,
            change.request_id,
            change.partial,
            batch,
            warnings,
        )
        accept_into(self._state, accepted, before=self.seen if call == UPDATE else None)
        self._held.save()
        self._write_receipts(accepted, resumed=False)

    def _write_receipts(self, accepted: Accepted, *, resumed: bool) -> None:
        change = self._state.open_change
        if change:
            self._objects.put(change.drops_at, change_object(accepted.batch))
        if accepted.action == UPDATE:  # before the receipts: without them its message comes again
            self._resend.open_again(accepted.batch.resends)
        self._writer.deliver(accepted, audience=self._state.audience_name, resumed=resumed)
        self._state.accepted = None

    def _find_created(self, batch: Batch) -> bool:
        """Settle a create without an answer; return whether it was done."""
        made = self._unanswered.made_of(batch)
        if made is None:
            return False
        self._state.shown_name = made.name
        self._accept(CREATE, batch, Change(made.audience_id, "", partial=False))
        return True
