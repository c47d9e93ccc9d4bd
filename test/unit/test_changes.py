"""What an accepted change does to the memory, what is told of it later, and how it is undone."""

from dataclasses import replace

import pytest
from audience_uploader.delivery.changes import accept_into, close
from audience_uploader.domain import open_change
from audience_uploader.domain.actions import APPEND, REMOVE, REPLACE
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import CREATE, UPDATE, Accepted, Batch, SentDrop
from audience_uploader.domain.open_change import OpenChange, Seen, after_next_accept, judge
from audience_uploader.domain.state_parts import SetMark
from audience_uploader.tiktok.models import Audience

NOW = 1_800_000_000.0
DAY = 24 * 3600.0
VALID = Audience("73", "foodies", "EMAIL_SHA256", is_valid=True, is_own_file=True, expired=False)


def batch(
    action: str = APPEND, *, rows: int = 5, at: float = NOW, name: str | None = None
) -> Batch:
    drop = SentDrop("k", "e", 65, at - 100, {"valid": rows}, (0,))
    set_at = at - 100 if name else None
    return Batch(at, "EMAIL_SHA256", [drop], action=action, set_name=name, set_at=set_at)


def accepted(call: str, sent: Batch, at: float = NOW) -> Accepted:
    return Accepted(call, at, "73", "r", False, sent)


def change(call: str = UPDATE, **fields: object) -> OpenChange:
    made = OpenChange(
        action=APPEND, call=call, at=NOW, request_id="r", audience_id="73", rows=5,
        was_valid=call == UPDATE, error_before=None, drops_at="state/changes/x.json",
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


NOT_YET = Seen(is_valid=False, error=None, expired=False)
IN_USE = Seen(is_valid=True, error=None, expired=False)
TABLE: dict[str, tuple[OpenChange, Seen, float, str]] = {
    "create, not valid yet": (change(CREATE), NOT_YET, 1.9, open_change.PROCESSING),
    "create, valid": (change(CREATE), IN_USE, 0.1, open_change.READY),
    "create, never valid": (change(CREATE), NOT_YET, 2, open_change.TOO_SMALL),
    "create, error": (change(CREATE), replace(NOT_YET, error="Bad."), 1, open_change.FAILED),
    "update, valid before its time": (change(), IN_USE, 1.9, open_change.PROCESSING),
    "update, valid after its time": (change(), IN_USE, 2, open_change.READY),
    "update, not valid after its time": (change(), NOT_YET, 5, open_change.PROCESSING),
    "update, new error": (change(), replace(IN_USE, error="Bad."), 0.1, open_change.FAILED),
    "update, another error than before": (
        change(error_before="Old."), replace(IN_USE, error="Bad."), 0.1, open_change.FAILED,
    ),
    "update, the error from before": (
        change(error_before="Bad."), replace(IN_USE, error="Bad."), 1, open_change.PROCESSING,
    ),
    "update, the error from before still there": (
        change(error_before="Bad."), replace(IN_USE, error="Bad."), 2, open_change.UNCLEAR,
    ),
    "update, the error from before gone": (
        change(error_before="Bad."), IN_USE, 2, open_change.READY,
    ),
    "expired": (change(), replace(NOT_YET, expired=True), 0.1, open_change.EXPIRED),
}  # fmt: skip


@pytest.mark.parametrize(("found", "seen", "days", "outcome"), TABLE.values(), ids=TABLE)
def test_outcome_follows_what_get_shows(
    found: OpenChange, seen: Seen, days: float, outcome: str
) -> None:
    assert judge(found, seen, now=NOW + days * DAY) == outcome


@pytest.mark.parametrize(
    ("error", "outcome"), [(None, open_change.READY), ("Bad.", open_change.UNCLEAR)]
)
def test_change_before_the_next_accepted_one_was_applied(error: str | None, outcome: str) -> None:
    assert after_next_accept(error) == outcome


def test_accepted_change_closes_the_one_before_and_is_open_itself() -> None:
    state = AudienceState("7000", "foodies", open_change=change())

    accept_into(state, accepted(UPDATE, batch(REMOVE)), before=VALID)

    assert [c.outcome for c in state.closed_changes] == [open_change.READY]
    assert state.open_change
    assert (state.open_change.action, state.open_change.was_valid) == (REMOVE, True)
    assert state.last_action == REMOVE


def test_accepted_removal_is_remembered_by_the_time_of_its_newest_drop() -> None:
    state = AudienceState("7000", "foodies")

    accept_into(state, accepted(UPDATE, batch(REMOVE)), before=VALID)
    accept_into(state, accepted(UPDATE, batch(REMOVE, at=NOW - 500)), before=VALID)

    assert state.removed_until == NOW - 100


def test_accepted_appends_are_summed_up_and_a_new_audience_begins_at_its_own() -> None:
    state = AudienceState("7000", "foodies", appended_rows=900)

    accept_into(state, accepted(CREATE, batch(rows=5)), before=None)
    accept_into(state, accepted(UPDATE, batch(rows=7)), before=VALID)

    assert state.appended_rows == 12


def test_failed_set_gives_the_cut_off_before_it_back() -> None:
    before = SetMark("may", NOW - 900, 50)
    state = AudienceState("7000", "foodies", last_set=before)
    accept_into(state, accepted(UPDATE, batch(REPLACE, name="june")), before=VALID)
    assert state.last_set == SetMark("june", NOW - 100, 5)
    assert state.superseding

    close(state, open_change.FAILED, now=NOW + DAY)

    assert state.last_set == before
    assert not state.superseding


def test_applied_set_lets_what_it_overtook_be_told() -> None:
    state = AudienceState("7000", "foodies")
    accept_into(state, accepted(UPDATE, batch(REPLACE, name="june")), before=VALID)

    close(state, open_change.READY, now=NOW + 2 * DAY, size=4000)

    assert state.last_set
    assert not state.superseding
    assert [(c.outcome, c.size) for c in state.closed_changes] == [(open_change.READY, 4000)]


def test_failed_append_is_taken_out_of_the_sum_of_rows() -> None:
    state = AudienceState("7000", "foodies", appended_rows=100)
    accept_into(state, accepted(UPDATE, batch(rows=30)), before=VALID)

    close(state, open_change.FAILED, now=NOW + DAY)

    assert state.appended_rows == 100


@pytest.mark.parametrize("outcome", [open_change.FAILED, open_change.TOO_SMALL])
def test_create_that_came_to_nothing_is_why_the_audience_takes_no_edits(outcome: str) -> None:
    state = AudienceState("7000", "foodies")
    accept_into(state, accepted(CREATE, batch()), before=None)

    close(state, outcome, now=NOW + 2 * DAY)

    assert state.condition == outcome


def test_closing_without_an_open_change_changes_nothing() -> None:
    state = AudienceState("7000", "foodies")

    close(state, open_change.READY, now=NOW)

    assert state == AudienceState("7000", "foodies")


@pytest.mark.parametrize(("outcome", "waits"), [("ready", False), ("unclear", True)])
def test_what_a_set_overtook_waits_for_as_long_as_nobody_knows_whether_it_was_applied(
    outcome: str, waits: bool
) -> None:
    memory = AudienceState("7000", "foodies", superseding=True)
    memory.open_change = replace(change(), action=REPLACE, set_name="june")

    close(memory, outcome, now=NOW)

    assert memory.superseding is waits
