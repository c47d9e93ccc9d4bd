"""What an accepted change does to the audience's state, and how it is undone when it failed."""

import uuid
from dataclasses import replace
from typing import Any

from audience_uploader.domain.actions import APPEND, REMOVE, REPLACE
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import CREATE, Accepted, Batch
from audience_uploader.domain.open_change import (
    FAILED,
    GONE,
    TOO_SMALL,
    UNCLEAR,
    OpenChange,
    after_next_accept,
)
from audience_uploader.domain.state_parts import SetMark
from audience_uploader.tiktok.models import Audience

CHANGES = "state/changes"


def accept_into(state: AudienceState, accepted: Accepted, *, before: Audience | None) -> None:
    """Note that TikTok took a call; `before` is the audience as it was then (None: a create).

    That the next change was accepted says that the one before it was applied, if it was one of
    the same audience.
    """
    close(state, _outcome_before(state, accepted, before), now=accepted.at)
    batch = accepted.batch
    state.audience_id, state.changed_at = accepted.audience_id, accepted.at
    state.calculate_type = batch.calculate_type
    state.pending_create = state.reusable_uploads = None
    state.condition = state.missed_since = None
    state.gone = False
    state.accepted, state.open_change = accepted, _opened(state, accepted, before)
    state.last_action = batch.action
    for drop in batch.drops:
        state.drop_waits.pop(drop.key, None)
    if accepted.action == CREATE:
        state.created_at, state.appended_rows = accepted.at, 0
    _remember(state, batch)


def _outcome_before(state: AudienceState, accepted: Accepted, before: Audience | None) -> str:
    change = state.open_change
    if change and change.audience_id != accepted.audience_id:
        return GONE
    return after_next_accept(before.error if before else None)


def close(state: AudienceState, outcome: str, *, now: float, size: int | None = None) -> None:
    """Note the outcome of the open change, if there is one; its receipts are still to be told."""
    change = state.open_change
    if change is None:
        return
    state.open_change = None
    state.last_closed = _with_outcome(change, outcome, size=size, now=now)
    state.closed_changes.append(state.last_closed)
    if outcome in (FAILED, TOO_SMALL):
        _undo(state, change)
        if change.call == CREATE:
            state.condition = outcome
    elif change.action == REPLACE and outcome != UNCLEAR:  # it may have failed
        state.superseding = False


def change_object(batch: Batch) -> dict[str, Any]:
    """Return the object that lists the drops of a change."""
    return {"drops": [list(drop.version) for drop in batch.drops]}


def _opened(state: AudienceState, accepted: Accepted, before: Audience | None) -> OpenChange:
    batch = accepted.batch
    folder = f"{CHANGES}/{state.advertiser_id}/{state.audience_name}"
    return OpenChange(
        action=batch.action,
        call=accepted.action,
        at=accepted.at,
        request_id=accepted.request_id,
        audience_id=accepted.audience_id,
        rows=batch.valid,
        was_valid=before.is_valid if before else False,
        error_before=before.error if before else None,
        drops_at=f"{folder}/{int(accepted.at * 1000)}-{uuid.uuid4().hex[:8]}.json",
        set_name=batch.set_name,
    )


def _with_outcome(change: OpenChange, outcome: str, *, size: int | None, now: float) -> OpenChange:
    return replace(change, outcome=outcome, size=size, outcome_at=now)


def _remember(state: AudienceState, batch: Batch) -> None:
    if batch.action == APPEND:
        _count_appended(state, batch.valid)
    elif batch.action == REMOVE:
        newest = max(drop.dropped_at for drop in batch.drops)
        state.removed_before = state.removed_until
        state.removed_until = max(newest, state.removed_until or 0)
    elif batch.set_name is not None:
        last = state.last_set
        state.set_before = replace(last, unclear=state.superseding) if last else None
        state.last_set = SetMark(batch.set_name, batch.set_at or batch.at, batch.valid)
        state.superseding = True


def _count_appended(state: AudienceState, rows: int) -> None:
    if state.appended_rows is not None:
        state.appended_rows = max(0, state.appended_rows + rows)


def _undo(state: AudienceState, change: OpenChange) -> None:
    """Take back what a failed change did to the memory: what it overtook is pending again."""
    if change.action == APPEND:
        _count_appended(state, -change.rows)
    elif change.action == REMOVE:
        state.removed_until, state.removed_before = state.removed_before, None
    elif change.action == REPLACE:
        state.last_set, state.set_before = state.set_before, None
        state.superseding = state.last_set is not None and state.last_set.unclear
