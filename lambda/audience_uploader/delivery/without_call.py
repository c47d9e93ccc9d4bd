"""Conclude drops for which no call is made: overtaken by a removal, or nobody to take out."""

from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.find_audience import Found, renamed_refusal
from audience_uploader.delivery.plan import Plan
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.times import Clock


class WithoutCall:
    """Concludes drops of a plan; `hour` is 120 x the base delay, in seconds."""

    def __init__(
        self, state: AudienceState, conclusions: Conclusions, clock: Clock, *, hour: float
    ) -> None:
        self._state = state
        self._conclusions = conclusions
        self._clock = clock
        self._hour = hour

    def refuse_overtaken(self, plan: Plan, ends: DropOutcomes) -> None:
        """Refuse what was written before a removal that TikTok accepted; a set as one."""
        for drop in plan.overtaken:
            self._conclusions.refuse(drop, _overtaken("copy the file over itself"), ends)
        for drop_set in plan.overtaken_sets:
            again = "copy all files of the set over themselves"
            self._conclusions.refuse_set(drop_set, _overtaken(again), ends)

    def conclude_removals(self, plan: Plan, found: Found, ends: DropOutcomes) -> None:
        """Conclude removals for which TikTok shows no audience of the name.

        The list may lag behind, so that nobody is there counts only when seen twice, an hour apart.
        """
        if found.renamed:
            for drop in plan.drops:
                self._conclusions.refuse(drop, renamed_refusal(found.renamed).outcome(), ends)
            return
        absent_for_an_hour = []
        for drop in plan.drops:
            since = self._absent_since(drop)
            if self._clock() >= since + self._hour:
                absent_for_an_hour.append(drop)
            else:
                until = since + self._hour
                self._conclusions.hold([drop], backoff.AUDIENCE_ABSENT, ends, until=until)
        self._conclusions.nothing_to_take_out(absent_for_an_hour, ends)

    def _absent_since(self, drop: Drop) -> float:
        """Return when TikTok first did not show the audience to a try for this removal."""
        wait, now = self._state.drop_waits.get(drop.key.key), self._clock()
        known = wait is not None and wait.kind == backoff.AUDIENCE_ABSENT
        return min(wait.since, now) if wait and known else now


def _overtaken(again: str) -> DeadLetter:
    return DeadLetter(
        "older_than_removal",
        "People were taken out of this audience after this file was written, and adding it now "
        f"could bring them back. If its people are to be added now, {again}.",
    )
