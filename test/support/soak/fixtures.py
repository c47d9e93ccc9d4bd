"""What TikTok holds before the first drop: audiences of our names, and others to leave alone."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from support.soak.plan import Plan
from support.soak.scale import OPTIONS

from local.emulator import Sandbox, Stack
from local.emulator.simulator import Control

OTHERS = 90  # of another name; with ours they fill more than one page of the list
CUSTOMER_FILE = "Customer File Audience"

_FAILED = re.compile(r"failed processing SQS batch .*?errorMessage=([^\n)]*)")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """What there was before the first drop; `strangers` must be the same at the end.

    `at` is in seconds since the epoch, `objects` are keys of the bucket; `failures` are the
    invocations that failed.
    """

    at: float
    options: Json
    strangers: list[Json]
    objects: frozenset[str]
    failures: int


def set_up(sandbox: Sandbox, stack: Stack, plan: Plan) -> Before:
    """Set the simulator up, with audiences that the drops are for, and with others."""
    control = sandbox.tiktok.control
    options = control.call("options")
    control.set_options(**OPTIONS)
    control.call("calls", method="DELETE")
    ours = control.call("audiences", [*_ours(plan)])["ids"]
    control.call("audiences", [*_strangers(plan)])
    strangers = [a for a in control.audiences(ids=True) if a["id"] not in ours]
    objects = frozenset([*stack.keys("receipts/"), *stack.keys("state/")])
    return Before(time.time(), options, strangers, objects, len(failures(sandbox)))


def failures(sandbox: Sandbox) -> list[str]:
    """Give why invocations failed, from the emulator's log, oldest first."""
    log = sandbox.emulator.background.log.read_text("utf-8", "replace")
    return _FAILED.findall(log)


def restore(control: Control, before: Before) -> None:
    """Give the simulator back as it was."""
    control.call("faults", method="DELETE")
    control.set_options(**before.options)


def _ours(plan: Plan) -> Iterator[Json]:
    for target in plan.targets:
        if target.there:
            ids = sorted(target.there)
            yield {"name": target.name, "calculate_type": target.calculate_type, "ids": ids}


def _strangers(plan: Plan) -> Iterator[Json]:
    yield {"name": "an older audience", "count": OTHERS, "size": 100}
    shared, alike, *_ = (t.name for t in plan.targets)
    yield {"name": shared, "is_creator": False, "size": 100}
    yield {"name": alike, "audience_type": "Lookalike Audience"}
