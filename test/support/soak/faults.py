"""The mix of faults that pass, at one stated rate over all calls.

The model has those for which a drop is dead-lettered, or fails later: test_model.py.
"""

from typing import Any

BUSY = "Audience is not editable, please check audience status."
_PARTIAL = 20001  # a success, with a warning

Rule = dict[str, Any]

# For any endpoint, all equally often.
_ANYWHERE: tuple[Rule, ...] = (
    *({"kind": "code", "value": n} for n in (50000, 50002, 51003, 40202, 40100, 40133)),
    {"kind": "http", "value": 502},
    {"kind": "http", "value": 504},
    {"kind": "cut_before"},
    {"kind": "cut_before", "value": 2_000},  # after so many bytes of the request
    {"kind": "cut_after"},
    {"kind": "truncate"},
    {"kind": "not_json"},
    {"kind": "huge", "value": 6_000_000},  # bytes; more than any answer may have
    {"kind": "wrong_shape", "value": "missing"},
)
# Share of that endpoint's calls, beside the above: what means something only there, or is no
# failure but slow or strange.
_BESIDE: tuple[tuple[float, Rule], ...] = (
    (0.08, {"endpoint": "update", "kind": "code", "value": 40002, "message": BUSY}),
    (0.02, {"endpoint": "update", "kind": "code", "value": _PARTIAL, "effect": True}),
    (0.05, {"kind": "slow", "value": 0.7}),
    (0.004, {"kind": "slow", "value": 12}),  # longer than the function may run
)


def fault_rules(rate: float, *, seed: int) -> list[Rule]:
    """Give rules that make the share `rate` of calls to any endpoint fail, in every way."""
    # Each rule is asked only about the calls that none before it hit, so later ones hit more.
    each = rate / len(_ANYWHERE)
    anywhere = [(each / (1 - n * each), rule) for n, rule in enumerate(_ANYWHERE)]
    return [
        {**rule, "probability": share, "seed": seed + n}
        for n, (share, rule) in enumerate([*_BESIDE, *anywhere])
    ]


def fails(rule: Rule) -> bool:
    """Return whether a call that meets this rule fails, or seems to."""
    return bool(rule["kind"] != "slow" and rule["value"] != _PARTIAL)
