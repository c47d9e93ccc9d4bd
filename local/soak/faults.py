"""The mix of faults: every kind the simulator knows, at one stated rate over all calls."""

from collections.abc import Iterator, Sequence
from typing import Any

BUSY = "Audience is not editable, please check audience status."
_PARTIAL = 20001  # a success, with a warning
_HUGE = 6_000_000  # bytes; more than any answer may have
_EARLY = 2_000  # bytes of a request that are read before the cut

Rule = dict[str, Any]

# Weight and rule, for any endpoint.
_ANYWHERE: tuple[tuple[float, Rule], ...] = (
    (2.0, {"kind": "code", "value": 50000}),
    (1.5, {"kind": "code", "value": 50002}),
    (1.5, {"kind": "code", "value": 51003}),
    (1.5, {"kind": "code", "value": 40202}),
    (1.0, {"kind": "code", "value": 40100}),
    (1.0, {"kind": "code", "value": 40133}),
    (2.0, {"kind": "http", "value": 502}),
    (2.0, {"kind": "http", "value": 504}),
    (1.5, {"kind": "cut_before"}),
    (0.5, {"kind": "cut_before", "value": _EARLY}),
    (2.0, {"kind": "cut_after"}),
    (1.5, {"kind": "truncate"}),
    (1.0, {"kind": "not_json"}),
    (0.3, {"kind": "huge", "value": _HUGE}),
    *((0.3, {"kind": "wrong_shape", "value": v}) for v in ("missing", "null", "list", "text")),
    (0.3, {"kind": "wrong_shape", "value": "body"}),
)
# Share of that endpoint's calls, beside the above: refusals that mean something only there.
_SOMEWHERE: tuple[tuple[float, Rule], ...] = (
    (0.08, {"endpoint": "update", "kind": "code", "value": 40002, "message": BUSY}),
    (0.02, {"endpoint": "update", "kind": "code", "value": 40905}),
    (0.02, {"endpoint": "create", "kind": "code", "value": 40905}),
    (0.02, {"endpoint": "update", "kind": "code", "value": 40910}),
    (0.02, {"endpoint": "upload", "kind": "code", "value": 40900}),
)
# No failure, but slow or strange: the answer counts all the same.
_HARMLESS: tuple[tuple[float, Rule], ...] = (
    (0.05, {"kind": "slow", "value": 0.7}),
    (0.004, {"kind": "slow", "value": 12}),  # longer than the function may run
    (0.02, {"endpoint": "update", "kind": "code", "value": _PARTIAL, "effect": True}),
)


def fault_rules(rate: float, *, seed: int) -> list[Rule]:
    """Give rules that make the share `rate` of calls to any endpoint fail, in every way."""
    total = sum(weight for weight, _ in _ANYWHERE)
    anywhere = [(rate * weight / total, rule) for weight, rule in _ANYWHERE]
    chosen = [*_HARMLESS, *_in_turn([*_SOMEWHERE]), *_in_turn(anywhere)]
    return [
        {**rule, "probability": share, "seed": seed + n} for n, (share, rule) in enumerate(chosen)
    ]


def fails(rule: Rule) -> bool:
    """Whether a call that meets this rule fails, or seems to."""
    return bool(rule["kind"] != "slow" and rule["value"] != _PARTIAL)


def fault_name(rule: Rule) -> str:
    """Give a short name of a rule, for the table."""
    named = rule["kind"] in ("code", "http", "wrong_shape")
    return f"{rule['kind']} {rule['value']}" if named else str(rule["kind"])


def _in_turn(shares: Sequence[tuple[float, Rule]]) -> Iterator[tuple[float, Rule]]:
    """A rule is only asked when none before it hit, so later ones must hit more of what is left."""
    left: dict[str, float] = {}
    for share, rule in shares:
        where = rule.get("endpoint", "*")
        yield share / left.get(where, 1.0), rule
        left[where] = left.get(where, 1.0) - share
