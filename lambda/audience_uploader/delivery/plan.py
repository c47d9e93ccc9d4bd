"""Which drops go into the next call, with which action, and what becomes of the others.

Pure rules over what is listed (docs/decisions/0009). Two drops of the same second are
ordered append, remove, replace, since LastModified has whole seconds.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from audience_uploader.delivery.drop_sets import DropSet, pending_sets
from audience_uploader.domain.actions import ACTIONS, APPEND, REMOVE, REPLACE
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop

Version = tuple[str, str]


@dataclass(slots=True)
class Plan:
    """One call's `action` and `drops` (oldest first, or all parts of `drop_set`), or none.

    `superseded` drops were overtaken by the last accepted set, `overtaken` appends and
    `overtaken_sets` by a removal; `overwrites` are appends with a receipt that were written after
    the set that goes now. `settles_in` is the seconds until a set that is being written may be
    complete, which everything else waits for; `left_over` says that more is pending than this
    call takes.
    """

    action: str = APPEND
    drops: list[Drop] = field(default_factory=list)
    drop_set: DropSet | None = None
    superseded: list[Drop] = field(default_factory=list)
    overtaken: list[Drop] = field(default_factory=list)
    overtaken_sets: list[DropSet] = field(default_factory=list)
    overwrites: list[Drop] = field(default_factory=list)
    settles_in: float | None = None
    left_over: bool = False


def order(drop: Drop) -> tuple[float, int, str]:
    """Return the place of a drop in time."""
    return int(drop.modified_at), ACTIONS.index(drop.key.action), drop.key.key


def plan_call(
    listed: Iterable[Drop],
    open_versions: Collection[Version],
    state: AudienceState,
    *,
    waiting: Collection[str],
    now: float,
    settle_seconds: float,
) -> Plan:
    """Return what to do next for an audience and format.

    `listed` are all its drops, `open_versions` those without a receipt, `waiting` the keys of
    drops that can't be read for the moment.
    """
    plan, listed = Plan(), list(listed)
    by_set, single = pending_sets(listed, open_versions, order)
    sets = _live_sets(by_set, state, plan)
    single = [d for d in single if _is_live(d, state, plan) and d.key.key not in waiting]
    sets = [s for s in sets if not any(d.key.key in waiting for d in s.parts)]
    youngest = max((s.youngest for s in sets), default=None)
    if youngest is not None and now - youngest < settle_seconds:
        plan.settles_in = settle_seconds - (now - youngest)
        return plan
    if sets:
        _replace(plan, sets, left_over=bool(single) or len(sets) > 1)
        plan.overwrites = _written_after(plan.drop_set, listed, open_versions)
        return plan
    return _take_turns(plan, single, state)


def _live_sets(sets: list[DropSet], state: AudienceState, plan: Plan) -> list[DropSet]:
    live = []
    for drop_set in sets:
        if _is_superseded_set(drop_set, state):
            plan.superseded += drop_set.parts
        elif _is_overtaken(drop_set.at, state):
            plan.overtaken_sets.append(drop_set)
        else:
            live.append(drop_set)
    return live


def _is_live(drop: Drop, state: AudienceState, plan: Plan) -> bool:
    last = state.last_set
    if last and int(drop.modified_at) <= int(last.at):
        plan.superseded.append(drop)
        return False
    if drop.key.action == APPEND and _is_overtaken(drop.modified_at, state):
        plan.overtaken.append(drop)
        return False
    return True


def _is_superseded_set(drop_set: DropSet, state: AudienceState) -> bool:
    last = state.last_set
    if last is None or drop_set.name == last.name:
        return False
    return (int(drop_set.at), drop_set.name) < (int(last.at), last.name)


def _is_overtaken(at: float, state: AudienceState) -> bool:
    return state.removed_until is not None and int(at) <= int(state.removed_until)


def _written_after(
    drop_set: DropSet | None, listed: Iterable[Drop], open_versions: Collection[Version]
) -> list[Drop]:
    at = int(drop_set.at) if drop_set else 0
    appends = (d for d in listed if d.key.action == APPEND and d.version not in open_versions)
    return [d for d in appends if int(d.modified_at) > at]


def _replace(plan: Plan, sets: list[DropSet], *, left_over: bool) -> None:
    plan.drop_set = max(sets, key=lambda s: (int(s.at), s.name))
    plan.action, plan.drops, plan.left_over = REPLACE, plan.drop_set.parts, left_over


def _take_turns(plan: Plan, single: list[Drop], state: AudienceState) -> Plan:
    """Alternate appends and removals, or one of each a day would pile up behind 48 h each.

    A removal that would overtake a pending append waits for it: that append would be refused.
    """
    appends = sorted((d for d in single if d.key.action == APPEND), key=order)
    removals = sorted((d for d in single if d.key.action == REMOVE), key=order)
    first = [r for r in removals if not appends or order(r) < order(appends[0])]
    removes = bool(first) and (not appends or state.last_action != REMOVE)
    plan.action, plan.drops = (REMOVE, first) if removes else (APPEND, appends)
    plan.left_over = len(single) > len(plan.drops)
    return plan
