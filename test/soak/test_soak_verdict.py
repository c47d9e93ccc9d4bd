"""The verdict notices each thing that can be wrong, and nothing when all is right."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from support.soak.evidence import Evidence
from support.soak.fixtures import CUSTOMER_FILE
from support.soak.plan import Plan, PlannedDrop, make_plan
from support.soak.queues import DeadLetter
from support.soak.scale import SHORT
from support.soak.verdict import problems

SCALE = replace(SHORT, drops=12, audiences=3)
PLAN = make_plan(SCALE)
NAMES = list(PLAN.expected)
STRANGER = {"id": "s", "name": "an older audience", "is_creator": True, "applied_ids": ["1"]}
STRANGER |= {"type": CUSTOMER_FILE}
HELD = {"lease": {"owner": "somebody"}, "create": {"at": 1}}
FREE = {"audience_name": NAMES[0], "lease": None, "create": None, "accepted": None}


def _audiences(plan: Plan) -> list[dict[str, Any]]:
    facts = {"is_creator": True, "type": CUSTOMER_FILE}
    return [
        {**facts, "id": f"id {t.name}", "name": t.name, "calculate_type": t.calculate_type}
        | {"applied_ids": sorted(plan.expected[t.name])}
        for t in plan.targets
    ] + [deepcopy(STRANGER)]


def _receipt(drop: PlannedDrop) -> dict[str, Any]:
    if drop.target is None:
        return {"drop": {"key": drop.key}, "status": "rejected", "reason": drop.reason}
    name = drop.target.name
    told: dict[str, Any] = {
        "status": "delivered",
        "audience_name": name,
        "audience_id": f"id {name}",
    }
    told |= {"call": "create", "outcome": {"state": "ready"}, "rows": {"valid": len(drop.ids)}}
    return {"drop": {"key": drop.key}, **told, "times": {"accepted_at": "2026-11-24T10:00:00Z"}}


def right() -> Evidence:
    """Return what there is after a run in which nothing was lost or doubled."""
    return Evidence(
        audiences=_audiences(PLAN),
        leaks={"unmatched_rows": 0, "raw_emails": 0},
        calls={},
        failed=0,
        receipts={f"receipts/{d.key}/e.json": _receipt(d) for d in PLAN.drops},
        records={"state/1/a.json": FREE},
        letters=tuple(DeadLetter(d.key, d.reason, "") for d in PLAN.poison),
        waiting=(0, 0, 0),
        invocations=1,
        deaths=0,
        errors=(),
        bugs=Counter(),
    )


def _lose_id(e: Evidence) -> Evidence:
    e.audiences[0]["applied_ids"].pop()
    return e


def _add_id(e: Evidence) -> Evidence:
    e.audiences[0]["applied_ids"].append("f" * 64)
    return e


def _double_audience(e: Evidence) -> Evidence:
    e.audiences.append(e.audiences[0])
    return e


def _new_name(e: Evidence) -> Evidence:
    e.audiences.append({**e.audiences[0], "name": "poison"})
    return e


def _touch_stranger(e: Evidence) -> Evidence:
    e.audiences[-1]["applied_ids"].append("2")
    return e


def _other_type(e: Evidence) -> Evidence:
    e.audiences[0]["calculate_type"] = "OTHER"
    return e


def _with_receipt(drop: PlannedDrop, **changes: object) -> Evidence:
    e, key = right(), f"receipts/{drop.key}/e.json"
    return replace(e, receipts={**e.receipts, key: {**e.receipts[key], **changes}})


GOOD, POISON = PLAN.good[0], PLAN.poison[0]
FAULTS: dict[str, tuple[Callable[[Evidence], Evidence], str]] = {
    "id lost": (_lose_id, "are missing"),
    "foreign id": (_add_id, "do not belong there"),
    "two audiences": (_double_audience, "2 audiences instead of one"),
    "audience of a bad drop": (_new_name, "'poison' was made"),
    "stranger changed": (_touch_stranger, "not ours to change"),
    "id type": (_other_type, "holds OTHER"),
    "leak": (lambda e: replace(e, leaks={"raw_emails": 1}), "TikTok got 1 lines: raw_emails"),
    "no receipt": (
        lambda e: replace(e, receipts=dict(list(e.receipts.items())[1:])),
        "receipts say nothing",
    ),
    "rejected": (lambda e: _with_receipt(GOOD, status="rejected"), "receipts say [('rejected'"),
    "wrong rows": (lambda e: _with_receipt(GOOD, rows={"valid": 1}), "receipt says 1 rows"),
    "poison taken": (lambda e: _with_receipt(POISON, status="delivered"), "say [('delivered'"),
    "poison not told": (lambda e: replace(e, letters=e.letters[1:]), "in the DLQ as []"),
    "told twice": (lambda e: replace(e, letters=(*e.letters, e.letters[0])), "not once as"),
    "good drop told": (
        lambda e: replace(e, letters=(*e.letters, DeadLetter(GOOD.key, "crashed", ""))),
        "in the DLQ as crashed",
    ),
    "message left": (lambda e: replace(e, waiting=(0, 1, 0)), "still holds 0+1+0"),
    "lease held": (lambda e: replace(e, records={"r": {**FREE, **HELD}}),
                   "still holds lease and create"),
    "error": (lambda e: replace(e, errors=("KeyError",)), "an invocation failed: KeyError"),
    "bug": (lambda e: replace(e, bugs=Counter({"KeyError at x": 1})), "1 x KeyError at x"),
    "marker": (lambda e: replace(e, receipts={**e.receipts, "receipts/tiktok/m/x.json":
               {"drop": {"key": "tiktok/m"}, "status": "delivered"}}), "a receipt of nothing"),
}  # fmt: skip


def test_verdict_everything_right_has_no_problems() -> None:
    assert problems(PLAN, [STRANGER], right()) == []


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS.values(), ids=FAULTS)
def test_verdict_one_thing_wrong_is_named(
    spoil: Callable[[Evidence], Evidence], sentence: str
) -> None:
    found = problems(PLAN, [STRANGER], spoil(right()))

    assert found
    assert any(sentence in problem for problem in found), found


def test_verdict_marker_that_was_skipped_is_no_problem() -> None:
    e = right()
    skipped = {"drop": {"key": "tiktok/m"}, "status": "skipped"}
    e = replace(e, receipts={**e.receipts, "receipts/tiktok/m/x.json": skipped})

    assert problems(PLAN, [STRANGER], e) == []


@pytest.mark.parametrize(("deaths", "wrong"), [(0, True), (1, False)])
def test_verdict_drop_told_twice_is_wrong_unless_functions_died(deaths: int, wrong: bool) -> None:
    e = right()
    e = replace(e, letters=(*e.letters, e.letters[0]), deaths=deaths)

    assert bool(problems(PLAN, [STRANGER], e)) is wrong


@pytest.mark.parametrize("state", ["processing", "unclear", "too_small", "failed", "gone", None])
def test_verdict_delivered_drop_of_a_create_must_be_ready(state: str | None) -> None:
    e = _with_receipt(GOOD, outcome=state and {"state": state})

    (problem,) = problems(PLAN, [STRANGER], e)

    assert problem == f"{GOOD.key}: delivered, and its outcome is {state}"


@pytest.mark.parametrize(
    ("at", "state", "wrong"),
    [
        ("2026-11-24T11:00:00Z", "processing", False),
        ("2026-11-24T11:00:00Z", None, False),
        ("2026-11-24T11:00:00Z", "failed", True),
        ("2026-11-24T09:00:00Z", "processing", True),
    ],
    ids=["last", "last, not asked yet", "last, failed", "one before the last"],
)
def test_verdict_last_update_of_an_audience_may_be_processed_still(
    at: str, state: str | None, wrong: bool
) -> None:
    changed = {"call": "update", "times": {"accepted_at": at}}
    e = _with_receipt(GOOD, **changed, outcome=state and {"state": state})

    assert bool(problems(PLAN, [STRANGER], e)) is wrong
