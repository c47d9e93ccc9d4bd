"""The verdict notices each thing that can be wrong, and nothing when all is right."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from local.soak import SHORT
from local.soak.evidence import Evidence
from local.soak.logs import FunctionLog
from local.soak.mailbox import DeadLetter
from local.soak.plan import Plan, PlannedDrop, make_plan
from local.soak.surroundings import CUSTOMER_FILE
from local.soak.verdict import problems

PLAN = make_plan(replace(SHORT, drops=12, audiences=3))
NAMES = list(PLAN.expected)
STRANGER = {"id": "s", "name": "an older audience", "is_creator": True, "ids": ["1"]}
STRANGER |= {"type": CUSTOMER_FILE}
HELD = {"lease": {"owner": "somebody"}, "create": {"at": 1}}
FREE = {"audience_name": NAMES[0], "lease": None, "create": None, "accepted": None}


def _audiences(plan: Plan) -> list[dict[str, Any]]:
    facts = {"is_creator": True, "type": CUSTOMER_FILE}
    return [
        {**facts, "id": f"id {t.name}", "name": t.name, "calculate_type": t.calculate_type}
        | {"ids": sorted(plan.expected[t.name])}
        for t in plan.targets
    ] + [deepcopy(STRANGER)]


def _receipt(drop: PlannedDrop) -> dict[str, Any]:
    if drop.target is None:
        return {"drop": {"key": drop.key}, "status": "rejected", "reason": drop.reason}
    name = drop.target.name
    told = {"status": "delivered", "audience_name": name, "audience_id": f"id {name}"}
    return {"drop": {"key": drop.key}, **told, "rows": {"valid": len(drop.ids)}}


def right() -> Evidence:
    """What there is after a run in which nothing was lost or doubled."""
    return Evidence(
        audiences=_audiences(PLAN),
        leaks={"unmatched_rows": 0, "raw_emails": 0},
        calls={},
        faults={},
        failed=0,
        receipts={f"receipts/{d.key}/e.json": _receipt(d) for d in PLAN.drops},
        records={"state/1/a.json": FREE},
        letters=tuple(DeadLetter(d.key, d.reason, "") for d in PLAN.poison),
        waiting=(0, 0, 0),
        left=(),
        log=FunctionLog(),
        crashes=0,
        errors=(),
    )


def _lose_id(e: Evidence) -> Evidence:
    e.audiences[0]["ids"].pop()
    return e


def _add_id(e: Evidence) -> Evidence:
    e.audiences[0]["ids"].append("f" * 64)
    return e


def _double_audience(e: Evidence) -> Evidence:
    e.audiences.append(e.audiences[0])
    return e


def _new_name(e: Evidence) -> Evidence:
    e.audiences.append({**e.audiences[0], "name": "poison"})
    return e


def _touch_stranger(e: Evidence) -> Evidence:
    e.audiences[-1]["ids"].append("2")
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
    "file left": (lambda e: replace(e, left=("audience-1.csv",)), "was left in the scratch"),
    "marker": (lambda e: replace(e, receipts={**e.receipts, "receipts/tiktok/m/x.json":
               {"drop": {"key": "tiktok/m"}}}), "a receipt of nothing"),
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


def test_verdict_bug_in_the_log_is_named() -> None:
    found = right()
    found.log.bugs["KeyError at x.py:1"] += 1

    assert problems(PLAN, [STRANGER], found) == ["1 x unexpected KeyError at x.py:1"]
