"""What a plan's drops come to before or without a call: refused, skipped, left for a next try."""

from collections.abc import Sequence

from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.drop_sets import DropSet
from audience_uploader.delivery.plan import Plan
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.set_rules import SetRules, incomplete
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import SentDrop
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.row_counts import RowCounts, rows_json
from audience_uploader.tiktok.models import Audience

TOO_SLOW_AFTER = 3  # invocations that a drop had for itself


class PlanResults:
    """Notes what became of a plan's drops, in the held state and in receipts."""

    def __init__(self, state: AudienceState, conclusions: Conclusions, sets: SetRules) -> None:
        self._state = state
        self._conclusions = conclusions
        self._sets = sets

    def note(
        self, plan: Plan, audience: Audience | None, prepared: Prepared, ends: DropOutcomes
    ) -> bool:
        """Note what became of the drops that are not in the batch; tell whether to go on."""
        if plan.drop_set:
            return self._note_set(plan.drop_set, audience, prepared, ends)
        self.note_each(prepared, ends)
        return True

    def note_each(self, prepared: Prepared, ends: DropOutcomes) -> None:
        """Note what became of each drop that is not in the batch, where there is no set."""
        for drop, refusal in prepared.refused:
            self._conclusions.refuse(drop, refusal, ends)
        for drop, reason in prepared.skipped:
            self._conclusions.skip(drop, reason, ends)
        for drop, error in prepared.unreadable:
            self._conclusions.unreadable(drop, error, ends)
        ends.concluded.update(d.version for d in prepared.changed)

    def _note_set(
        self, drop_set: DropSet, audience: Audience | None, prepared: Prepared, ends: DropOutcomes
    ) -> bool:
        """Treat the set as one: any part that can't be sent keeps all of it from being sent."""
        if prepared.changed:
            return False  # the folder holds something else by now
        for part, error in prepared.unreadable:
            refusal = self._conclusions.unreadable_part(drop_set.parts, part, error, ends)
            if refusal is None:
                return False
            prepared.refused.append((part, refusal))
        if not prepared.out_of_time or prepared.refused:
            set_refusal = self._sets.refusal(drop_set, prepared, self._state, audience)
            if set_refusal:
                self._conclusions.refuse_set(drop_set, set_refusal, ends)
                return False
        prepared.batch.drops += [_without_rows(part) for part, _ in prepared.skipped]
        return True

    def keep_for_next_try(self, plan: Plan, prepared: Prepared, ends: DropOutcomes) -> None:
        """Keep what was uploaded: a call with a part of it would make the rest wait for 48 h."""
        ends.left_over = True
        if prepared.batch.drops:
            self._state.reusable_uploads = prepared.batch
        if prepared.shared_by:  # fewer share the next upload, down to one that is alone in it
            self._state.take_at_most = prepared.shared_by // 2
        if prepared.too_short_for:
            self._note_timeout(plan, prepared.too_short_for, ends)

    def _note_timeout(self, plan: Plan, unread: Drop, ends: DropOutcomes) -> None:
        times = self._state.timeouts.get(unread.version_text, 0) + 1
        self._state.timeouts = {unread.version_text: times}
        if times < TOO_SLOW_AFTER:
            return
        self._state.timeouts = {}
        if plan.drop_set:
            self._conclusions.refuse_set(plan.drop_set, incomplete(unread, _too_slow()), ends)
        else:
            self._conclusions.refuse(unread, _too_slow(), ends)

    def refuse_call(
        self, plan: Plan, drops: Sequence[Drop], refusal: DeadLetter, ends: DropOutcomes
    ) -> None:
        """Refuse one of the drops for the call they were in: the message's own, else the oldest."""
        self._state.reusable_uploads = None
        if plan.drop_set:
            self._conclusions.refuse_set(plan.drop_set, refusal, ends)
            return
        blamed = next((d for d in drops if ends.is_own(d)), drops[0])
        self._conclusions.refuse(blamed, refusal, ends)


def _without_rows(part: Drop) -> SentDrop:
    rows = rows_json(RowCounts())
    return SentDrop(part.key.key, part.etag, part.size, part.modified_at, rows, ())


def _too_slow() -> DeadLetter:
    return DeadLetter(
        "too_slow",
        f"{TOO_SLOW_AFTER} invocations were too short for this drop; split it into smaller files.",
    )
