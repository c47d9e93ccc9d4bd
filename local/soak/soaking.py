"""One soak from its plan to its verdict, against a ground that runs and a stack deployed on it."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from local.emulator import Ground, Stack
from local.soak.evidence import gather
from local.soak.happenings import Scene, script
from local.soak.mailbox import Mailbox
from local.soak.plan import Plan, make_plan
from local.soak.progress import Progress, Say
from local.soak.report import table
from local.soak.scale import Scale
from local.soak.surroundings import Before, restore, surround
from local.soak.verdict import problems
from local.soak.workers import Killer

_WRITERS = 8


@dataclass(frozen=True, slots=True)
class Soaked:
    """How a run ended: the table's lines, and a sentence for everything that was wrong."""

    table: list[str]
    problems: list[str]


def soak(ground: Ground, stack: Stack, scale: Scale, say: Say) -> Soaked:
    """Run a soak of this scale; the stack must be idle, and deployed with times as in CONTEXT.

    `say` gets lines that tell how far it is. Ends after `scale.minutes` at the latest, and then
    some seconds for the evidence.
    """
    plan = make_plan(scale)
    with ThreadPoolExecutor(_WRITERS) as writers:
        scene = _scene(ground, stack, plan, scale, writers)
        before = surround(ground.tiktok.control, stack, plan)
        try:
            return _run(scene, before, say)
        finally:
            writers.shutdown(cancel_futures=True)
            restore(ground.tiktok.control, stack, before)


def _scene(
    ground: Ground, stack: Stack, plan: Plan, scale: Scale, writers: ThreadPoolExecutor
) -> Scene:
    chance = random.Random(f"happenings {scale.seed}")
    killer = Killer(ground, random.Random(f"crashes {scale.seed}"))
    return Scene(ground, stack, plan, scale, Mailbox(stack), killer, writers, chance)


def _run(scene: Scene, before: Before, say: Say) -> Soaked:
    progress = Progress(scene, say, time.monotonic())
    progress.play(script(scene))
    in_time = progress.settle(until=scene.scale.minutes * 60)
    found = gather(scene, before)
    wrong = problems(scene.plan, before.strangers, found)
    if not in_time:
        wrong.insert(0, f"not settled after {scene.scale.minutes:g} minutes")
    return Soaked(table(scene.plan, scene.scale, scene.mailbox, found), wrong)
