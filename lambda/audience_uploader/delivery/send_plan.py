"""Carry out a plan: read and upload its drops, make the call, and note what became of each."""

from collections.abc import Sequence

from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.error_policy import refusal_of
from audience_uploader.delivery.plan import Plan
from audience_uploader.delivery.plan_reader import PlanReader
from audience_uploader.delivery.plan_results import PlanResults
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.submit import Submission
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import Batch
from audience_uploader.domain.drop import Drop
from audience_uploader.tiktok.errors import AudienceUnknown, FileRefused, TikTokError
from audience_uploader.tiktok.models import Audience


class PlanSender:
    """Sends what a plan names; changes the held state as it goes."""

    def __init__(
        self,
        state: AudienceState,
        reader: PlanReader,
        submission: Submission,
        results: PlanResults,
    ) -> None:
        self._state = state
        self._reader = reader
        self._submission = submission
        self._results = results

    def send(
        self,
        plan: Plan,
        audience: Audience | None,
        ends: DropOutcomes,
        *,
        made_anew: str | None = None,
        last: bool = False,
    ) -> None:
        """Read, upload and submit; uploads that TikTok has lost are made once more.

        Raises AudienceUnknown where TikTok knows no such audience, but not when it is the `last`.
        """
        try:
            self._send_once(plan, audience, ends, made_anew, last=last, files_last=False)
        except FileRefused:
            self._state.reusable_uploads = None
            self._send_once(plan, audience, ends, made_anew, last=last, files_last=True)

    def _send_once(
        self,
        plan: Plan,
        audience: Audience | None,
        ends: DropOutcomes,
        made_anew: str | None,
        *,
        last: bool,
        files_last: bool,
    ) -> None:
        refused = ends.of.version if ends.own is not None else None
        gone = {*ends.concluded, refused}
        pending = [d for d in plan.drops if d.version not in gone]
        kinds = (() if last else (AudienceUnknown,)) + (() if files_last else (FileRefused,))
        prepared = self._read_or_refuse(plan, pending, ends, passed_on=kinds)
        if prepared is None or not self._results.note(plan, audience, prepared, ends):
            return
        if prepared.out_of_time:
            self._results.keep_for_next_try(plan, prepared, ends)
            return
        self._state.take_at_most = None
        ends.left_over = ends.left_over or prepared.full
        if not prepared.batch.drops:
            return
        prepared.batch.resends = [d.version for d in plan.overwrites]
        self._submit(plan, audience, prepared.batch, ends, made_anew, passed_on=kinds)

    def _read_or_refuse(
        self,
        plan: Plan,
        pending: Sequence[Drop],
        ends: DropOutcomes,
        *,
        passed_on: tuple[type[TikTokError], ...],
    ) -> Prepared | None:
        """Return what was read and uploaded; None where TikTok refused an upload for good.

        That is the outcome of a drop in that upload; what is wrong with another is its own.
        """
        prepared = self._reader.read(plan, pending)
        error = prepared.upload_error
        if error is None:
            return prepared
        refusal = None if isinstance(error, passed_on) else refusal_of(error)
        if refusal is None:
            raise error
        if not plan.drop_set:
            self._results.note_each(prepared, ends)
        drops = [d for d in pending if d.version in prepared.in_upload]
        self._results.refuse_call(plan, drops, refusal, ends)
        return None

    def _submit(
        self,
        plan: Plan,
        audience: Audience | None,
        batch: Batch,
        ends: DropOutcomes,
        made_anew: str | None,
        *,
        passed_on: tuple[type[TikTokError], ...],
    ) -> None:
        try:
            taken = self._submission.submit(audience, batch, made_anew=made_anew)
        except passed_on:
            raise
        except TikTokError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            sent = {d.version for d in batch.drops}
            drops = [d for d in plan.drops if d.version in sent]
            self._results.refuse_call(plan, drops, refusal, ends)
        else:
            ends.left_over = ends.left_over or not taken
            ends.concluded.update(d.version for d in batch.drops if taken)
