"""Faults on demand: rules that say which calls go wrong, how, and how often."""

import random
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from local.tiktok_simulator.answers import Code
from local.tiktok_simulator.json_fields import checked

ENDPOINTS = ("upload", "create", "update", "list", "get", "delete")
KINDS = {
    "code": "the API answers with code `value` and `message`; with 20001, partial success, the call"
    " takes effect and the data comes too",
    "http": "a gateway answers with HTTP status `value` and an HTML body",
    "cut_before": "the connection is cut before the call took effect (`value`: after reading"
    " that many bytes of the request's body, else after all of it)",
    "cut_after": "the connection is cut, without an answer, after the call took effect",
    "slow": "the answer comes `value` seconds late",
    "truncate": "the answer stops in the middle of its body",
    "not_json": "the answer's body is no JSON (`value`: that text)",
    "huge": "the answer has a body of `value` bytes (default 50,000,000)",
    "wrong_shape": "the answer's data is not as promised (`value`: missing, null, list, text, or"
    " body for a body that is a JSON array)",
    "fails_later": "a create or update is accepted, but fails once it has been processed, with"
    " `message` as its error_msg: no id is added or taken out, and an audience that was to be"
    " created never becomes valid",
    "left_out": "list and get leave out the audience with the id `value` (default: all of them)",
}
SHAPES = ("missing", "null", "list", "text", "body")
# These leave the answer as it is, and so go together with any other.
_BESIDE = frozenset({"slow", "fails_later", "left_out"})
_EFFECT = _BESIDE | {"cut_after", "truncate", "not_json", "huge", "wrong_shape"}
ONLY = {"fails_later": ("create", "update"), "left_out": ("list", "get")}
_VALUES: dict[str, Any] = {
    **dict.fromkeys(("code", "http", "slow"), int | float),
    **dict.fromkeys(("cut_before", "huge"), int | float | None),
    "left_out": str | None,
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule. `took` and `seen` count the calls it hit and the calls it could have hit."""

    kind: str
    endpoint: str = "*"
    value: str | int | float | None = None
    message: str = "A fault made on demand."
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    effect: bool | None = None
    seen: int = 0
    took: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def spoils_answer(self) -> bool:
        """Return whether the answer is not what the call would have had without it."""
        return self.kind not in _BESIDE

    def takes_effect(self) -> bool:
        """Return whether the call does its work although its answer goes wrong."""
        partial = self.kind == "code" and self.value == Code.PARTIAL_SUCCESS
        return (partial or self.kind in _EFFECT) if self.effect is None else self.effect

    def hits(self, endpoint: str) -> bool:
        """Return whether this call is one of those; counts it."""
        elsewhere = endpoint not in ONLY.get(self.kind, (endpoint,))
        if elsewhere or self.endpoint not in ("*", endpoint) or self.took == self.times:
            return False
        self.seen += 1
        # Drawn for skipped calls too: what is hit depends on the seed and the call's number alone.
        hit = self._random.random() < self.probability and self.seen > self.skip
        self.took += hit
        return hit

    def as_json(self) -> dict[str, object]:
        """Return the rule and its counts."""
        return {name: getattr(self, name) for name in _PUBLIC} | {"effect": self.takes_effect()}


_PUBLIC = [f.name for f in fields(Fault) if not f.name.startswith("_")]
_SETTABLE = [name for name in _PUBLIC if name not in ("seen", "took")]


def fault_of(rule: Mapping[str, object]) -> Fault:
    """Return a rule from its JSON; ValueError says what does not fit."""
    if "kind" not in rule:
        raise ValueError(f"a fault has a kind: one of {', '.join(KINDS)}")
    fault = Fault(**checked(Fault, rule, _SETTABLE))
    # A path or the end of one will do as well as the short name.
    fault.endpoint = fault.endpoint.strip("/").rpartition("/")[2]
    for fits, sentence in _checks(fault):
        if not fits:
            raise ValueError(sentence)
    return fault


def _checks(fault: Fault) -> Iterator[tuple[bool, str]]:
    """Return what must be true of a rule, each with what to say if it is not."""
    kind, value = fault.kind, fault.value
    yield kind in KINDS, f"kind must be one of {', '.join(KINDS)}, not {kind!r}"
    places = ONLY.get(kind, ENDPOINTS)
    yield fault.endpoint in ("*", *places), f"endpoint of {kind}: * or one of {', '.join(places)}"
    wanted = _VALUES.get(kind, object)
    yield isinstance(value, wanted), f"a {kind} must have a value of type {wanted}"
    shaped = kind != "wrong_shape" or value in (None, *SHAPES)
    yield shaped, f"a wrong_shape has one of {', '.join(SHAPES)} as its value"
    yield fault.effect is None or "cut" not in kind, "a cut has no effect to set: its name says it"
    yield fault.effect is not False or kind not in ONLY, f"a {kind} can only be with effect"
    counts = (fault.skip, fault.seed, fault.times or 0)
    yield min(counts) >= 0, "times, skip and seed must be whole numbers from 0"
    yield 0 <= fault.probability <= 1, "probability must be a number from 0 to 1"


class Faults:
    """The rules in force, in the order they were added. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, *rules: Mapping[str, object]) -> None:
        """Add rules with the fields of `Fault`; ValueError names the first thing wrong."""
        made = [fault_of(rule) for rule in rules]
        with self._lock:
            self._rules += made

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._rules.clear()

    def listed(self) -> list[dict[str, object]]:
        """Return the rules with how often each was met."""
        with self._lock:
            return [rule.as_json() for rule in self._rules]

    def for_call(self, endpoint: str) -> list[Fault]:
        """Return the faults this call meets: the first that spoils its answer, and all that do not.

        A call that takes no effect meets neither fails_later nor left_out: they wait for one.
        """
        with self._lock:
            first = next((r for r in self._rules if r.spoils_answer and r.hits(endpoint)), None)
            idle = first is not None and not first.takes_effect()
            beside = [r for r in self._rules if not (r.spoils_answer or (idle and r.kind in ONLY))]
            return [r for r in self._rules if r is first or (r in beside and r.hits(endpoint))]
