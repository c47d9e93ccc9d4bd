"""What is done while drops come in: the steps of a run, in order of time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

from support.soak.faults import fault_rules
from support.soak.plan import Plan, PlannedDrop
from support.soak.queues import Queues
from support.soak.scale import Scale

from local.emulator import Sandbox, Stack

THROTTLED_QPS = 6


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something that is done `at` seconds; `what` is told to the person who watches."""

    at: float
    what: str
    do: Callable[[], object] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it is done, and by what."""

    sandbox: Sandbox
    stack: Stack
    queues: Queues
    writers: Executor


def steps(scene: Scene, plan: Plan, scale: Scale) -> list[Step]:
    """Give everything that is to be done in this run, in order of time."""
    bursts = (Step(at, "", partial(_write, scene, drops)) for at, drops in plan.bursts)
    return sorted([*bursts, *_tiktok(scene, scale)])


def _write(scene: Scene, drops: Sequence[PlannedDrop]) -> None:
    written = [scene.writers.submit(scene.stack.put, drop.key, drop.body) for drop in drops]
    for one in written:
        one.result()


def _tiktok(scene: Scene, scale: Scale) -> Iterator[Step]:
    """Have calls fail all the time, and be throttled for a while."""
    control, spread = scene.sandbox.tiktok.control, scale.spread
    rules = fault_rules(scale.fault_rate, seed=scale.seed)
    yield Step(0.0, "faults begin", partial(control.call, "faults", rules))
    begun = spread * 0.7
    limits = partial(control.set_options, qps=THROTTLED_QPS, advertiser_qps=THROTTLED_QPS // 2)
    yield Step(begun, f"TikTok takes {THROTTLED_QPS} calls a second", limits)
    free = partial(control.set_options, qps=0, advertiser_qps=0)
    yield Step(begun + min(12.0, spread / 4), "TikTok takes any number of calls", free)
