"""The one call that changes an audience, and the memory that survives its every end."""

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.acceptance import Acceptance
from audience_uploader.delivery.resend import Resend
from audience_uploader.delivery.unanswered_create import UnansweredCreate
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import Batch
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
        acceptance: Acceptance,
        unanswered: UnansweredCreate,
        resend: Resend,
        clock: Clock,
    ) -> None:
        self._held = held
        self._client = client
        self._acceptance = acceptance
        self._unanswered = unanswered
        self._resend = resend
        self._clock = clock

    @property
    def _state(self) -> AudienceState:
        return self._held.state

    def finish_what_was_begun(self) -> None:
        """Settle what an earlier try left: a create without an answer, receipts that it owes.

        Of a REPLACE that a function died with nobody knows whether it landed.
        """
        if self._state.pending_create:
            self._find_created(self._state.pending_create)
        self._acceptance.finish()
        self._resend.open_again(self._state)

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
        """Append, remove or replace; sent again after a lost answer, since it does no harm.

        What a set may have wiped out is opened again at once: the set itself may never be sent
        again, and no removal may come in between.
        """
        state = self._state
        changed_before = state.changed_at
        # Written first: TikTok may be at work on it for 48 h from now, though nobody hears of it.
        state.reusable_uploads, state.changed_at = batch, self._clock()
        state.resends = batch.resends
        self._save_before_call()
        paths = [u.file_path for u in batch.uploads]
        try:
            change = self._client.update(
                audience.audience_id, action=batch.action.upper(), file_paths=paths
            )
        except (TikTokError, OutOfTime) as error:
            if isinstance(error, OutOfTime) or not error.may_have_acted:
                state.changed_at, state.resends = changed_before, []
            self._resend.open_again(state)
            raise
        self._acceptance.of_update(audience, batch, change)

    def _create(self, batch: Batch, warnings: tuple[str, ...]) -> bool:
        batch.at = self._clock()
        self._state.pending_create, self._state.reusable_uploads = batch, None
        self._save_before_call()
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
        self._acceptance.of_create(batch, change, warnings)
        return True

    def _save_before_call(self) -> None:
        try:
            self._held.save()
        except Unavailable:
            self._state.pending_create = None  # never sent, so nothing to look for
            self._state.resends = []
            raise

    def _find_created(self, batch: Batch) -> bool:
        """Settle a create without an answer; return whether it was done."""
        made = self._unanswered.made_of(batch)
        if made is None:
            return False
        self._state.shown_name = made.name
        self._acceptance.of_create(batch, Change(made.audience_id, "", partial=False))
        return True
