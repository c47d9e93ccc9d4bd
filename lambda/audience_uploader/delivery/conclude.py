"""Conclude drops, or make one wait by itself: what is wrong with one never holds another."""

from collections.abc import Sequence

from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.drop_sets import DropSet
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter, RetryLater, Unreadable
from audience_uploader.domain.state_parts import Wait
from audience_uploader.domain.times import Clock


class Conclusions:
    """Writes what became of drops in one try; `base` is the base delay in seconds."""

    def __init__(
        self,
        state: AudienceState,
        rejections: Rejections,
        writer: ReceiptWriter,
        skips: Skips,
        invocation: Invocation,
        clock: Clock,
        *,
        base: float,
    ) -> None:
        self._state = state
        self._rejections = rejections
        self._writer = writer
        self._skips = skips
        self._invocation = invocation
        self._clock = clock
        self._base = base

    def refuse(self, drop: Drop, refusal: DeadLetter, ends: DropOutcomes) -> None:
        """Refuse a drop; the message's own is left to its message, which has the original body."""
        self._state.drop_waits.pop(drop.key.key, None)
        if ends.is_own(drop):
            ends.own = refusal
            return
        self._rejections.reject(drop, refusal, self._invocation)
        ends.concluded.add(drop.version)

    def refuse_set(self, drop_set: DropSet, refusal: DeadLetter, ends: DropOutcomes) -> None:
        """Refuse a whole set: one dead letter, of the own drop if it is a part.

        Else of an open part, since only what has no other receipt can be redriven.
        """
        parts = drop_set.parts
        told = next((p for p in parts if ends.is_own(p)), drop_set.open_parts[0])
        for part in parts:
            self._state.drop_waits.pop(part.key.key, None)
        self._rejections.reject_set(parts, refusal, self._invocation, told=told)
        ends.concluded.update(p.version for p in parts)

    def skip(self, drop: Drop, reason: str, ends: DropOutcomes) -> None:
        """Note that a drop holds no row."""
        self._skips.skip(drop, reason, self._invocation)
        ends.concluded.add(drop.version)

    def supersede(self, drops: Sequence[Drop], ends: DropOutcomes) -> None:
        """Note drops that the last set overtook; they wait until it is known to be applied."""
        last = self._state.last_set
        if last is None or not drops:
            return
        if self._state.superseding:
            self.hold(drops, backoff.SUPERSEDING, ends)
            return
        self._writer.supersede(drops, by=last.name)
        ends.concluded.update(d.version for d in drops)

    def nothing_to_take_out(self, drops: Sequence[Drop], ends: DropOutcomes) -> None:
        """Note removals for which there is no audience; what is older does not come back either."""
        for drop in drops:
            self._state.drop_waits.pop(drop.key.key, None)
            self._state.removed_until = max(drop.modified_at, self._state.removed_until or 0)
        self._writer.nothing_to_take_out(drops)
        ends.concluded.update(d.version for d in drops)

    def unreadable(self, drop: Drop, error: Unreadable, ends: DropOutcomes) -> None:
        """Have a drop wait that S3 or KMS does not give out; refuse it when no waiting helps."""
        if error.archived or self._waited(drop) >= backoff.UNREADABLE_AFTER:
            self.refuse(drop, unreadable_refusal(error), ends)
        else:
            self.hold([drop], backoff.UNREADABLE, ends, code=error.code)

    def unreadable_part(
        self, parts: Sequence[Drop], part: Drop, error: Unreadable, ends: DropOutcomes
    ) -> DeadLetter | None:
        """Have a set wait for a part that can't be read; return why it is refused, or None."""
        if error.archived or self._waited(part) >= backoff.UNREADABLE_AFTER:
            return unreadable_refusal(error)
        self.hold(parts, backoff.UNREADABLE, ends, code=error.code)
        return None

    def _waited(self, drop: Drop) -> float:
        found = self._state.drop_waits.get(drop.key.key)
        kept = found is not None and found.kind == backoff.UNREADABLE
        return self._clock() - found.since if found and kept else 0

    def hold(
        self,
        drops: Sequence[Drop],
        kind: str,
        ends: DropOutcomes,
        *,
        until: float | None = None,
        code: str | None = None,
    ) -> None:
        """Have single drops wait, which the state notes; their audience goes on."""
        now = self._clock()
        for drop in drops:
            last = self._state.drop_waits.get(drop.key.key)
            if last is None or last.kind != kind:
                last = None
            count = last.count + 1 if last else 0
            not_before = until or now + backoff.delay(kind, count, base=self._base)
            since = min(last.since, now) if last else now  # a broken clock may have written it
            wait = Wait(kind, count, since, not_before, drop.key.key, code)
            self._state.drop_waits[drop.key.key] = wait
            ends.retry(drop, RetryLater(kind, wait.not_before - now, code, wait.since))


def unreadable_refusal(error: Unreadable) -> DeadLetter:
    """Return why a drop can't be read at all, with S3's code and what to do."""
    if error.archived:
        return DeadLetter(
            "unreadable",
            f"The file is in an archive storage class (S3 answers {error.code}): restore it and "
            "copy it over itself in the class STANDARD.",
        )
    return DeadLetter(
        "unreadable",
        f"S3 has not let the function read this file for a day ({error.code}): it is encrypted "
        "with a key that the function's role may not use, or the file's own permissions forbid "
        "it. Copy the file over itself with the bucket's own key, or allow the role kms:Decrypt "
        "on that key; then redrive this message.",
    )
