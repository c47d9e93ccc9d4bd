"""Ask TikTok what became of accepted changes, and write it into states and receipts."""

from collections.abc import Sequence

from audience_uploader.adapters.json_store import DamagedObject
from audience_uploader.adapters.s3_state import LeaseTaken, StateStore
from audience_uploader.delivery.audience_check import judge_open_change
from audience_uploader.delivery.changes import close
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.outcome_writer import OutcomeWriter
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.open_change import GONE
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.models import Audience

IDS_A_CALL = 100
DAY = 86_400.0

Stored = tuple[AudienceState, str]
"""A state and the ETag of the object it was read from."""


class OutcomeSweep:
    """Settles open changes of audiences that nobody holds; `hour` scales with the base delay."""

    def __init__(
        self,
        states: StateStore,
        outcomes: OutcomeWriter,
        observer: Observer,
        clock: Clock,
        *,
        hour: float,
    ) -> None:
        self._states = states
        self._outcomes = outcomes
        self._observer = observer
        self._clock = clock
        self._hour = hour

    def ask(
        self,
        client: TikTokClient,
        stored: Sequence[Stored],
        invocation: Invocation,
        *,
        everything: bool,
    ) -> dict[str, Audience | None]:
        """Return what TikTok shows of the audiences asked about, by name; judges what it tells.

        All with an open change, or one that was missed, are asked about; the others only when
        `everything`.
        """
        asked = [(s, e) for s, e in stored if _id_of(s) and (everything or _is_open(s))]
        seen: dict[str, Audience | None] = {}
        for start in range(0, len(asked), IDS_A_CALL):
            chunk = asked[start : start + IDS_A_CALL]
            found = client.get_audiences([_id_of(s) for s, _ in chunk])
            for state, etag in chunk:
                audience = found.get(_id_of(state))
                seen[state.audience_name] = audience
                self._note(state, etag, audience, invocation)
        for state, etag in stored:
            if state.closed_changes and not _id_of(state) and state.lease is None:
                self._store(state, etag, None, invocation)
        return seen

    def _note(
        self, state: AudienceState, etag: str, audience: Audience | None, invocation: Invocation
    ) -> None:
        if audience and audience.is_expiring:
            self._observer.audience_expiring()
        if state.lease is not None:
            return  # its holder judges it; an expired lease is a crash to be counted
        before = state.to_json()
        self._judge(state, audience)
        if not state.closed_changes and _same(before, state):
            return
        self._store(state, etag, audience.error if audience else None, invocation)

    def _store(
        self, state: AudienceState, etag: str, error: str | None, invocation: Invocation
    ) -> None:
        try:
            etag = self._states.write(state, etag)
            if self._outcomes.write_owed(state, invocation, error=error):
                self._states.write(state, etag)
        except LeaseTaken:
            return  # a reconcile began meanwhile, and judges it by what it sees
        except DamagedObject:
            self._observer.sweep_failed("DamagedObject")  # of this audience; the others go on

    def _judge(self, state: AudienceState, audience: Audience | None) -> None:
        now = self._clock()
        if audience is not None:
            state.missed_since, state.gone = None, False
            judge_open_change(state, audience, now=now)
            return
        state.missed_since = state.missed_since or now
        if now >= state.missed_since + self._hour:
            state.gone = True
            close(state, GONE, now=now)


def _id_of(state: AudienceState) -> str:
    """Return which audience to ask about; that of an open change where it is forgotten since."""
    change = state.open_change
    return state.audience_id or (change.audience_id if change else "")


def _is_open(state: AudienceState) -> bool:
    missed = state.missed_since is not None and not state.gone
    return state.open_change is not None or bool(state.closed_changes) or missed


def _same(before: dict[str, object], state: AudienceState) -> bool:
    after = state.to_json()
    return {**before, "nonce": ""} == {**after, "nonce": ""}
