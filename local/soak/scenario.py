"""What is done while drops come in: the steps of a run, in order of time."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

from local.emulator import Sandbox as Sandbox
from local.emulator import Stack
from local.soak.faults import fault_rules
from local.soak.killer import Killer
from local.soak.plan import Plan, PlannedDrop
from local.soak.queues import Queues
from local.soak.scale import Scale

NEW_TOKEN = "simulator-token-after-rotation"
THROTTLED_QPS = 6
_AT_WORK = 1.5  # seconds after its burst at which functions are busy with it
_AGAIN = (0.3, 8.0)  # seconds after its burst at which events are delivered once more


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
    killer: Killer
    writers: Executor


def steps(scene: Scene, plan: Plan, scale: Scale) -> list[Step]:
    """Give everything that is to be done in this run, in order of time."""
    chance = random.Random(f"steps {scale.seed}")
    crashes = _crashes(scene, plan, scale, chance)
    made = (*_bursts(scene, plan, scale, chance), *_tiktok(scene, scale), *crashes)
    return sorted(made)


def _bursts(scene: Scene, plan: Plan, scale: Scale, chance: random.Random) -> Iterator[Step]:
    again = partial(scene.queues.deliver_again, scale.duplicates, chance)
    for n, (at, drops) in enumerate(plan.bursts):
        yield Step(at, "", partial(_write, scene, drops))
        yield Step(at + _AGAIN[n % 2], "", again)


def _write(scene: Scene, drops: Sequence[PlannedDrop]) -> None:
    written = [scene.writers.submit(scene.stack.put, drop.key, drop.body) for drop in drops]
    for one in written:
        one.result()


def _tiktok(scene: Scene, scale: Scale) -> Iterator[Step]:
    """Have calls fail, change the token before the secret learns of it, and throttle calls."""
    control, spread = scene.sandbox.tiktok.control, scale.spread
    options, secret = control.set_options, scene.stack.set_credentials
    rules = fault_rules(scale.fault_rate, seed=scale.seed)
    yield Step(0.0, "faults begin", partial(control.call, "faults", rules))
    rotated, begun = spread * 0.45, spread * 0.7
    yield Step(rotated, "TikTok refuses the token", partial(options, token=NEW_TOKEN))
    after = rotated + min(8.0, spread / 5)
    yield Step(after, "the secret holds the new token", partial(secret, token=NEW_TOKEN))
    limits = partial(options, qps=THROTTLED_QPS, advertiser_qps=THROTTLED_QPS // 2)
    yield Step(begun, f"TikTok takes {THROTTLED_QPS} calls a second", limits)
    free = partial(options, qps=0, advertiser_qps=0)
    yield Step(begun + min(12.0, spread / 4), "TikTok takes any number of calls", free)


def _crashes(scene: Scene, plan: Plan, scale: Scale, chance: random.Random) -> Iterator[Step]:
    # Soon after a burst, when there is work; and early, because a killed function's message and
    # lease are gone for more than a minute.
    busy = [at + _AT_WORK for at, _ in plan.bursts if at < scale.spread * 0.8]
    for at in chance.sample(busy, min(scale.crashes, len(busy))):
        yield Step(at, "a function is killed", scene.killer.kill_one)
