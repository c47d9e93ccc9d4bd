"""Put together what is known of one audience, for its status object."""

from collections.abc import Sequence
from typing import Any

from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.open_change import OpenChange
from audience_uploader.domain.state_parts import Wait
from audience_uploader.domain.times import iso
from audience_uploader.sweep.recent_files import RecentFile, rejected_files
from audience_uploader.sweep.status_fields import LastChange, Learnt, Rejected, Seen, Waiting
from audience_uploader.tiktok.models import Audience


def learnt(
    name: str,
    state: AudienceState | None,
    audience: Audience | None,
    open_drops: Sequence[Drop],
    files: Sequence[RecentFile],
    previous: dict[str, Any] | None,
    *,
    no_credentials: bool,
) -> Learnt:
    """Return what a status object is built from; `audience` is None where TikTok was not asked.

    `files` are the receipts that were written since the last pass.
    """
    types = {drop.key.calculate_type for drop in open_drops}
    seen = _seen(audience) if audience else None
    held = (state.calculate_type if state else None) or (audience and audience.calculate_type)
    return Learnt(
        audience_name=name,
        state=_kept_word(previous) if no_credentials else state_word(state, audience, previous),
        audience_id=_kept_id(previous)
        if no_credentials
        else (state.audience_id if state else None),
        calculate_type=held or (types.pop() if len(types) == 1 else None),
        seen=seen,
        last_change=_last_change(state, previous),
        waiting=_waiting(state, open_drops, no_credentials=no_credentials),
        rejected=_rejected(previous, files),
    )


def _seen(audience: Audience) -> Seen:
    return Seen(audience.size, audience.is_expiring, audience.expires_at)


def _kept_word(previous: dict[str, Any] | None) -> str:
    """Return the state as it was: without credentials nobody knows which record is meant."""
    return str(previous["state"]) if previous and previous.get("state") else "unknown"


def _kept_id(previous: dict[str, Any] | None) -> str | None:
    return previous.get("audience_id") if previous else None


def state_word(
    state: AudienceState | None, audience: Audience | None, previous: dict[str, Any] | None
) -> str:
    """Return the audience's state as docs/decisions/0008 names it."""
    if state is None or not (state.audience_id or state.pending_create):
        return "not_created"
    if state.gone:
        return "gone"
    if audience is not None:
        return _of_seen(state, audience)
    if state.condition:
        return state.condition
    same = previous and previous.get("audience_id") == state.audience_id
    before = str(previous["state"]) if previous and same else None
    if before and before not in ("not_created", "unknown"):
        return before
    return "processing" if state.open_change or state.pending_create else "unknown"


def _of_seen(state: AudienceState, audience: Audience) -> str:
    if audience.expired:
        return "expired"
    if audience.is_valid:
        return "ready"
    if state.condition:
        return state.condition
    return "failed" if audience.error and not state.open_change else "processing"


def _last_change(state: AudienceState | None, previous: dict[str, Any] | None) -> LastChange | None:
    change = state and (state.open_change or state.last_closed)
    if not change:
        return None
    outcome = _outcome(change)
    before = (previous or {}).get("last_change") or {}
    if outcome is None and before.get("request_id") == change.request_id:
        outcome = before.get("outcome")
    return {
        "action": change.action,
        "at": iso(change.at),
        "rows": change.rows,
        "outcome": outcome,
        "request_id": change.request_id or None,
    }


def _outcome(change: OpenChange) -> dict[str, Any] | None:
    if change.outcome is None:
        return None
    at = iso(change.outcome_at) if change.outcome_at else None
    return {"state": change.outcome, "size": change.size, "at": at}


def _waiting(
    state: AudienceState | None, open_drops: Sequence[Drop], *, no_credentials: bool
) -> Waiting | None:
    if not open_drops:
        return None
    if no_credentials:
        return {"drops": len(open_drops), "for": backoff.CREDENTIALS, "until": None}
    wait = _first_wait(state, open_drops)
    if wait is None:
        return {"drops": len(open_drops), "for": backoff.MORE_TO_DO, "until": None}
    return {"drops": len(open_drops), "for": wait.kind, "until": iso(wait.not_before)}


def _first_wait(state: AudienceState | None, open_drops: Sequence[Drop]) -> Wait | None:
    if state is None:
        return None
    waits = [state.wait, *(state.drop_waits.get(d.key.key) for d in open_drops)]
    return next((wait for wait in waits if wait is not None), None)


def _rejected(previous: dict[str, Any] | None, files: Sequence[RecentFile]) -> list[Rejected]:
    """Return the rejected drops known before and now, without those that have a newer story."""
    told = {file["key"]: file for file in sorted(files, key=lambda f: f["at"])}
    before = [r for r in (previous or {}).get("rejected") or [] if r.get("key") not in told]
    return [*before, *rejected_files(told.values())]
