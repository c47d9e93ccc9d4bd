"""The faults in force, and which of them a call meets."""

import threading
from collections.abc import Mapping

from local.tiktok_simulator.fault import ONLY, Fault, fault_of


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

            def is_met(rule: Fault) -> bool:
                passed = rule.spoils_answer or (idle and rule.kind in ONLY)
                return rule is first or (not passed and rule.hits(endpoint))

            return [rule for rule in self._rules if is_met(rule)]
