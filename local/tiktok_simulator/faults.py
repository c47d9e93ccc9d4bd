"""Faults on demand: rules that say which calls go wrong, how, and how often."""

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from local.tiktok_simulator.answers import PARTIAL_SUCCESS

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
_ONLY = {"fails_later": ("create", "update"), "left_out": ("list", "get")}
_NUMBERS = frozenset({"code", "http", "slow"})
_OPTIONAL_NUMBERS = frozenset({"cut_before", "huge"})


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
        """Whether the answer is not what the call would have had without it."""
        return self.kind not in _BESIDE

    def takes_effect(self) -> bool:
        """Whether the call does its work although its answer goes wrong."""
        partial = self.kind == "code" and self.value == PARTIAL_SUCCESS
        return (partial or self.kind in _EFFECT) if self.effect is None else self.effect

    def hits(self, endpoint: str) -> bool:
        """Whether this call is one of those; counts it."""
        elsewhere = endpoint not in _ONLY.get(self.kind, (endpoint,))
        if elsewhere or self.endpoint not in ("*", endpoint) or self.took == self.times:
            return False
        self.seen += 1
        # Drawn for skipped calls too: what is hit depends on the seed and the call's number alone.
        hit = self._random.random() < self.probability and self.seen > self.skip
        self.took += hit
        return hit

    def as_json(self) -> dict[str, object]:
        """The rule and its counts."""
        return {name: getattr(self, name) for name in _PUBLIC} | {"effect": self.takes_effect()}


_PUBLIC = [f.name for f in fields(Fault) if not f.name.startswith("_")]
_SETTABLE = [name for name in _PUBLIC if name not in ("seen", "took")]


class Faults:
    """The rules in force, in the order they were added. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, *rules: Mapping[str, object]) -> None:
        """Adds rules with the fields of `Fault`; ValueError names the first thing wrong."""
        made = [fault_of(rule) for rule in rules]
        with self._lock:
            self._rules += made

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._rules.clear()

    def listed(self) -> list[dict[str, object]]:
        """The rules with how often each was met."""
        with self._lock:
            return [rule.as_json() for rule in self._rules]

    def for_call(self, endpoint: str) -> list[Fault]:
        """The faults this call meets: the first that spoils its answer, and all that do not.

        A call that takes no effect meets neither fails_later nor left_out: they wait for one.
        """
        with self._lock:
            first = next((r for r in self._rules if r.spoils_answer and r.hits(endpoint)), None)
            idle = first is not None and not first.takes_effect()
            met = []
            for rule in self._rules:
                waits = idle and rule.kind in _ONLY
                beside = not rule.spoils_answer and not waits and rule.hits(endpoint)
                if rule is first or beside:
                    met.append(rule)
            return met


def late_failure(met: Sequence[Fault]) -> str | None:
    """The error text of the change that this call makes, if it is to fail later."""
    return next((fault.message for fault in met if fault.kind == "fails_later"), None)


def left_out(met: Sequence[Fault], audience_id: str) -> bool:
    """Whether this call is not to show that audience."""
    return any(f.kind == "left_out" and f.value in (None, audience_id) for f in met)


def fault_of(rule: Mapping[str, object]) -> Fault:
    """A rule from its JSON; ValueError says what does not fit."""
    unknown = set(rule) - set(_SETTABLE)
    if unknown or "kind" not in rule:
        raise ValueError(f"a fault has a kind and any of {', '.join(_SETTABLE)}, not {dict(rule)}")
    fault = Fault(**rule)  # type: ignore[arg-type]
    if fault.kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {fault.kind!r}")
    # A path or the end of one will do as well as the short name.
    fault.endpoint = str(fault.endpoint).strip("/").rpartition("/")[2]
    if fault.endpoint not in ("*", *ENDPOINTS):
        raise ValueError(f"endpoint must be * or one of {', '.join(ENDPOINTS)}")
    _check_numbers(fault)
    _check_words(fault)
    return fault


def _check_words(fault: Fault) -> None:
    if fault.effect not in (None, True, False) or (
        fault.effect is not None and "cut" in fault.kind
    ):
        raise ValueError("effect must be true or false, and the kind no cut: a cut's name says it")
    if not isinstance(fault.message, str):
        raise ValueError("message must be a text")
    if fault.kind in _ONLY and (fault.effect is False or fault.endpoint in _others(fault.kind)):
        raise ValueError(f"{fault.kind} is for {' and '.join(_ONLY[fault.kind])}, with effect")
    if fault.kind == "left_out" and not isinstance(fault.value, str | None):
        raise ValueError("a left_out has an audience id, as text, as its value")
    if fault.kind == "wrong_shape" and fault.value not in (None, *SHAPES):
        raise ValueError(f"a wrong_shape has one of {', '.join(SHAPES)} as its value")


def _others(kind: str) -> set[str]:
    return set(ENDPOINTS) - set(_ONLY[kind])


def _check_numbers(fault: Fault) -> None:
    optional = fault.kind in _OPTIONAL_NUMBERS and fault.value is not None
    if (optional or fault.kind in _NUMBERS) and not _is_number(fault.value):
        raise ValueError(f"a fault of kind {fault.kind} needs a number as its value")
    counts = [fault.skip, fault.seed, 0 if fault.times is None else fault.times]
    if any(type(count) is not int or count < 0 for count in counts):
        raise ValueError("times, skip and seed must be whole numbers from 0")
    if not _is_number(fault.probability) or not 0 <= fault.probability <= 1:
        raise ValueError("probability must be a number from 0 to 1")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
