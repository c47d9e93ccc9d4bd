"""The audience before a change: found, its open change judged, and known to take edits."""

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.changes import close
from audience_uploader.delivery.find_audience import Found, check_type, find
from audience_uploader.domain import open_change
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.open_change import Seen, judge
from audience_uploader.domain.outcomes import Refusal
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import AudienceBusy, ServerFault
from audience_uploader.tiktok.models import Audience


class AudienceCheck:
    """Asks TikTok about the audience of a held lease.

    `list_lag` is the seconds for which the list may not show a new audience.
    """

    def __init__(
        self, held: HeldLease, client: TikTokClient, clock: Clock, *, list_lag: float
    ) -> None:
        self._state = held.state
        self._client = client
        self._clock = clock
        self._list_lag = list_lag

    def find(self) -> Found:
        """Return what stands for the name now; the open change is judged by what `get` shows."""
        found = find(self._client, self._state)
        if found.known:
            judge_open_change(self._state, found.known, now=self._clock())
        elif found.audience is None:
            self._check_that_it_would_be_listed()
        return found

    def _check_that_it_would_be_listed(self) -> None:
        """Raise ServerFault while an audience that we made may be too new to be listed.

        That TikTok does not know its id may be an error of TikTok's.
        """
        at = self._state.created_at
        if at is not None and self._clock() < at + self._list_lag:
            raise ServerFault("an audience that was just made is neither known nor listed")

    def editable(self, audience: Audience, calculate_type: str) -> Audience:
        """Return the audience; raises Refusal or AudienceBusy unless it takes these ids."""
        check_type(audience, calculate_type)
        if audience.is_valid:
            self._state.condition = None
            return audience
        if self._state.condition == open_change.TOO_SMALL:
            raise Refusal("too_small", _TOO_SMALL)
        if self._state.condition == open_change.FAILED:
            said = f" It says: {audience.error}." if audience.error else ""
            raise Refusal("tiktok_failed", f"TikTok could not make this audience.{said} {_AGAIN}")
        raise AudienceBusy("the audience is not usable yet")


_AGAIN = "Delete the audience in Ads Manager, then redrive all messages of it: it is made anew."
_TOO_SMALL = f"TikTok matched fewer than 1,000 people, so this audience takes no changes. {_AGAIN}"


def judge_open_change(state: AudienceState, audience: Audience, *, now: float) -> None:
    """Judge the open change of a state by what TikTok shows of its audience."""
    change = state.open_change
    if change is None or change.audience_id != audience.audience_id:
        return
    seen = Seen(audience.is_valid, audience.error, audience.expired)
    outcome = judge(change, seen, now=now)
    if outcome != open_change.PROCESSING:
        close(state, outcome, now=now, size=audience.size)
