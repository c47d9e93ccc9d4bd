"""Carry out a plan: read and upload its drops, make the call, and note what became of each."""

from collections.abc import Sequence
from pathlib import Path

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.error_policy import refusal_of
from audience_uploader.delivery.plan import Plan
from audience_uploader.delivery.prepare import MOST_DROPS, Preparation, Prepared
from audience_uploader.delivery.set_rules import SetRules
from audience_uploader.delivery.submit import Submission
from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.domain.batch import Batch, SentDrop, Upload
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.receipt import rows_json
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import AudienceUnknown, FileRefused, TikTokError
from audience_uploader.tiktok.models import Audience

UPLOADS_LAST = 20 * 3600.0  # seconds; an uploaded file is taken to live for 24 h at TikTok
TOO_SLOW_AFTER = 3  # invocations that a drop had for itself


class PlanSender:
    """Sends what a plan names; changes the held state as it goes."""

    def __init__(
        self,
        held: HeldLease,
        client: TikTokClient,
        reader: DropReader,
        submission: Submission,
        conclusions: Conclusions,
        sets: SetRules,
        *,
        deadline: Deadline,
        clock: Clock,
        directory: Path,
        most_drops: int = MOST_DROPS,
    ) -> None:
        self._state = held.state
        self._client = client
        self._reader = reader
        self._submission = submission
        self._conclusions = conclusions
        self._sets = sets
        self._deadline = deadline
        self._clock = clock
        self._directory = directory
        self._most_drops = most_drops

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
        prepared = self._prepare_or_refuse(plan, pending, ends, passed_on=kinds)
        if prepared is None or not self._book(plan, prepared, ends):
            return
        if prepared.out_of_time:
            self._keep_for_next_try(prepared, ends)
            return
        ends.left_over = ends.left_over or prepared.full
        if not prepared.batch.drops:
            return
        prepared.batch.resends = plan.resends
        self._submit(plan, audience, prepared.batch, ends, made_anew, passed_on=kinds)

    def _prepare_or_refuse(
        self,
        plan: Plan,
        pending: Sequence[Drop],
        ends: DropOutcomes,
        *,
        passed_on: tuple[type[TikTokError], ...],
    ) -> Prepared | None:
        """Return what was read and uploaded; None where TikTok refused an upload for good."""
        try:
            return self._prepare(plan, pending)
        except passed_on:
            raise
        except TikTokError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            self._refuse_call(plan, pending, refusal, ends)
            return None

    def _prepare(self, plan: Plan, pending: Sequence[Drop]) -> Prepared:
        def send(file: FinishedFile) -> Upload:
            return self._upload(file, plan.drops[0].key.calculate_type)

        preparation = Preparation(
            self._reader, send=send, directory=self._directory, most_drops=self._most_drops
        )
        start = self._reusable(plan, pending) or _fresh(plan, self._clock())
        slow = self._state.timeouts
        first = sorted(pending, key=lambda d: _version_text(d) not in slow)  # else as planned
        return preparation.run(first, start=start)

    def _reusable(self, plan: Plan, pending: Sequence[Drop]) -> Batch | None:
        """Return uploads of an earlier try, while TikTok keeps them and their drops still wait."""
        kept = self._state.reusable_uploads
        if kept is None:
            return None
        name = plan.drop_set.name if plan.drop_set else None
        same = (kept.action, kept.set_name) == (plan.action, name)
        same = same and kept.calculate_type == plan.drops[0].key.calculate_type
        fresh = self._clock() < kept.at + UPLOADS_LAST
        wait = {d.version for d in pending} >= {d.version for d in kept.drops}
        return kept if same and fresh and wait else None

    def _upload(self, file: FinishedFile, calculate_type: str) -> Upload:
        answer = self._client.upload(
            file.path,
            size=file.size,
            md5=file.md5,
            calculate_type=calculate_type,
            time_left=self._deadline.for_uploads,
        )
        return Upload(answer.file_path, file.size, file.rows, answer.request_id)

    def _book(self, plan: Plan, prepared: Prepared, ends: DropOutcomes) -> bool:
        """Note what became of the drops that are not in the batch; tell whether to go on."""
        if plan.drop_set:
            return self._book_set(plan, prepared, ends)
        for drop, refusal in prepared.refused:
            self._conclusions.refuse(drop, refusal, ends)
        for drop, reason in prepared.skipped:
            self._conclusions.skip(drop, reason, ends)
        for drop, error in prepared.unreadable:
            self._conclusions.unreadable(drop, error, ends)
        ends.concluded.update(d.version for d in prepared.changed)
        return True

    def _book_set(self, plan: Plan, prepared: Prepared, ends: DropOutcomes) -> bool:
        """Treat the set as one: any part that can't be sent keeps all of it from being sent."""
        drop_set = plan.drop_set
        if drop_set is None or prepared.changed:
            return False  # the folder holds something else by now
        for part, error in prepared.unreadable:
            refusal = self._conclusions.unreadable_part(drop_set.parts, part, error, ends)
            if refusal is None:
                return False
            prepared.refused.append((part, refusal))
        if not prepared.out_of_time or prepared.refused:
            set_refusal = self._sets.refusal(drop_set, prepared, self._state)
            if set_refusal:
                self._conclusions.refuse_set(drop_set.parts, set_refusal, ends)
                return False
        prepared.batch.drops += [_without_rows(part) for part, _ in prepared.skipped]
        return True

    def _keep_for_next_try(self, prepared: Prepared, ends: DropOutcomes) -> None:
        """Keep what was uploaded: a call with a part of it would make the rest wait for 48 h."""
        ends.left_over = True
        if prepared.batch.drops:
            self._state.reusable_uploads = prepared.batch
        slow = prepared.too_short_for
        if slow is None:
            return
        times = self._state.timeouts.get(_version_text(slow), 0) + 1
        self._state.timeouts = {_version_text(slow): times}
        if times >= TOO_SLOW_AFTER:
            self._conclusions.refuse(slow, _too_slow(), ends)
            self._state.timeouts = {}

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
            self._submission.submit(audience, batch, made_anew=made_anew)
        except passed_on:
            raise
        except TikTokError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            sent = {d.version for d in batch.drops}
            self._refuse_call(plan, [d for d in plan.drops if d.version in sent], refusal, ends)
        else:
            ends.concluded.update(d.version for d in batch.drops)

    def _refuse_call(
        self, plan: Plan, drops: Sequence[Drop], refusal: DeadLetter, ends: DropOutcomes
    ) -> None:
        """Refuse one drop for the call it was in: the message's own, else the oldest."""
        self._state.reusable_uploads = None
        if plan.drop_set:
            self._conclusions.refuse_set(plan.drop_set.parts, refusal, ends)
            return
        blamed = next((d for d in drops if ends.is_own(d)), drops[0])
        self._conclusions.refuse(blamed, refusal, ends)


def _fresh(plan: Plan, now: float) -> Batch:
    batch = Batch(now, plan.drops[0].key.calculate_type, action=plan.action)
    if plan.drop_set:
        batch.set_name, batch.set_at = plan.drop_set.name, plan.drop_set.at
    return batch


def _without_rows(part: Drop) -> SentDrop:
    rows = rows_json(RowCounts())
    return SentDrop(part.key.key, part.etag, part.size, part.modified_at, rows, ())


def _version_text(drop: Drop) -> str:
    return "#".join(drop.version)


def _too_slow() -> DeadLetter:
    return DeadLetter(
        "too_slow",
        f"{TOO_SLOW_AFTER} invocations were too short for this drop; split it into smaller files.",
    )
