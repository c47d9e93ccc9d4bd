"""What happens while drops come in: the script of a run, in order of time."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial

from local.emulator import Ground, Stack
from local.soak.faults import fault_rules
from local.soak.mailbox import Mailbox
from local.soak.plan import Plan, PlannedDrop
from local.soak.scale import Scale
from local.soak.workers import Killer

NEW_TOKEN = "simulator-token-after-rotation"
THROTTLED_QPS = 6
_AT_WORK = 1.5  # seconds after its burst at which functions are busy with it
_LATE = 8.0  # seconds after its burst at which an event is delivered once more


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """Something that is done `at` seconds; `what` is told to the person who watches."""

    at: float
    what: str
    do: Callable[[], object] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that happenings act upon."""

    ground: Ground
    stack: Stack
    plan: Plan
    scale: Scale
    mailbox: Mailbox
    killer: Killer
    writers: Executor
    chance: random.Random


def script(scene: Scene) -> list[Happening]:
    """Give everything that is to happen in this run, in order of time."""
    acts = (_faults, _bursts, _rotation, _throttling, _unsteady, _crashes)
    return sorted(happening for act in acts for happening in act(scene))


def _faults(scene: Scene) -> Iterator[Happening]:
    rules = fault_rules(scene.scale.fault_rate, seed=scene.scale.seed)
    yield Happening(0.0, "faults begin", partial(scene.ground.tiktok.control.call, "faults", rules))


def _bursts(scene: Scene) -> Iterator[Happening]:
    again = partial(scene.mailbox.deliver_again, scene.scale.duplicates, scene.chance)
    for at, drops in scene.plan.bursts:
        yield Happening(at, "", partial(_write, scene, drops))
        yield Happening(at + 0.3, "", again)
    for at, _ in scene.plan.bursts[::5]:
        yield Happening(at + _LATE, "", scene.mailbox.deliver_late)


def _write(scene: Scene, drops: Sequence[PlannedDrop]) -> None:
    written: list[Future[str]] = [
        scene.writers.submit(scene.stack.put, drop.key, drop.body) for drop in drops
    ]
    for one in written:
        one.result()


def _rotation(scene: Scene) -> Iterator[Happening]:
    """TikTok takes another token; the secret learns of it a while later."""
    begin, spread = scene.scale.spread * 0.45, scene.scale.spread
    rotate = partial(scene.ground.tiktok.control.set_options, token=NEW_TOKEN)
    yield Happening(begin, "TikTok refuses the token", rotate)
    yield Happening(
        begin + min(8.0, spread / 5),
        "the secret holds the new token",
        partial(scene.stack.set_credentials, token=NEW_TOKEN),
    )


def _throttling(scene: Scene) -> Iterator[Happening]:
    begin, spread = scene.scale.spread * 0.7, scene.scale.spread
    options = scene.ground.tiktok.control.set_options
    limits = partial(options, qps=THROTTLED_QPS, advertiser_qps=THROTTLED_QPS // 2)
    yield Happening(begin, f"TikTok takes {THROTTLED_QPS} calls a second", limits)
    free = partial(options, qps=0, advertiser_qps=0)
    yield Happening(begin + min(12.0, spread / 4), "TikTok takes any number of calls", free)


def _unsteady(scene: Scene) -> Iterator[Happening]:
    """The list in another order each time, and audiences that are not valid while updated."""
    begin = scene.scale.spread * 0.2
    options = scene.ground.tiktok.control.set_options
    change = partial(options, list_order="unstable", valid_during_update=False)
    yield Happening(begin, "the list changes its order from call to call", change)
    back = partial(options, list_order="shuffled")
    yield Happening(begin + scene.scale.spread * 0.2, "the list is steady again", back)


def _crashes(scene: Scene) -> Iterator[Happening]:
    # Soon after a burst, when there is work; and early, because a killed function's message and
    # lease are gone for more than a minute.
    busy = [at + _AT_WORK for at, _ in scene.plan.bursts if at < scene.scale.spread * 0.8]
    moments = sorted(scene.chance.sample(busy, min(scene.scale.crashes, len(busy))))
    for n, at in enumerate(moments):
        one = n != len(moments) // 2
        kill = scene.killer.crash if one else scene.killer.crash_all
        what = "a function is killed" if one else "all functions are killed"
        yield Happening(at, what, partial(scene.writers.submit, kill))
