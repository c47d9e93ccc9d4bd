"""One soak from its plan to its verdict, in a sandbox that runs, on a stack deployed there."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from support.soak.evidence import gather
from support.soak.fixtures import Before, restore, set_up
from support.soak.plan import Plan, make_plan
from support.soak.queues import Queues
from support.soak.scale import Scale
from support.soak.scenario import Scene, Step, steps
from support.soak.table import table
from support.soak.verdict import problems

from local.emulator import Sandbox, Stack
from local.emulator.waiting import wait_for

_EVERY = 5.0  # seconds between two lines about how far it is
_PAUSE = 0.5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Soaked:
    """How a run ended: the table's lines, and a sentence for everything that was wrong."""

    table: list[str]
    problems: list[str]


def soak(sandbox: Sandbox, stack: Stack, scale: Scale, say: Say) -> Soaked:
    """Run a soak of this scale; the stack must be idle, and deployed with times as in CONTEXT.

    `say` gets lines that tell how far it is. Ends after `scale.minutes` at the latest, and then
    some seconds for the evidence.
    """
    plan = make_plan(scale)
    with ThreadPoolExecutor(8) as writers:
        scene = Scene(sandbox, stack, Queues(stack), writers)
        before = set_up(sandbox, stack, plan)
        try:
            return _judged(scene, plan, scale, before, say)
        finally:
            writers.shutdown(cancel_futures=True)
            restore(sandbox.tiktok.control, before)


def _judged(scene: Scene, plan: Plan, scale: Scale, before: Before, say: Say) -> Soaked:
    watch = _Watch(scene, plan, say)
    watch.play(steps(scene, plan, scale))
    limit = scale.minutes * 60
    in_time = watch.settles(within=limit)
    control = scene.sandbox.tiktok.control
    rules = control.call("faults")["faults"]
    control.call("faults", method="DELETE")
    if in_time:
        _sweep(scene)
        in_time = watch.settles(within=limit)
    found = gather(scene, before, rules)
    wrong = problems(plan, before.strangers, found)
    if not in_time:
        wrong.insert(0, f"not settled after {scale.minutes:g} minutes")
    return Soaked(table(plan, scale, found), wrong)


def _sweep(scene: Scene) -> None:
    """Have the function ask TikTok for outcomes, once all is processed."""
    control = scene.sandbox.tiktok.control
    wait_for(
        lambda: not any(audience["processing"] for audience in control.audiences()),
        "TikTok to process what it took",
        seconds=60,
    )
    scene.stack.sweep()


class _Watch:
    """Plays the steps, and tells every few seconds how far the stack is."""

    def __init__(self, scene: Scene, plan: Plan, say: Say) -> None:
        self._scene, self._plan, self._say = scene, plan, say
        self._began = time.monotonic()
        self._told = 0.0

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def play(self, made: list[Step]) -> None:
        """Do everything at its time."""
        for step in made:
            while (wait := step.at - self._elapsed) > 0:
                time.sleep(min(wait, _PAUSE))
                self._tell()
            if step.what:
                self._say(f"{self._elapsed:5.0f} s  {step.what}")
            step.do()

    def settles(self, *, within: float) -> bool:
        """Wait until nothing is left to do; False when that takes longer than so many seconds."""
        while not self._scene.queues.settled():
            if self._elapsed > within:
                return False
            time.sleep(_PAUSE)
            self._tell()
        return True

    def _tell(self) -> None:
        if self._elapsed < self._told + _EVERY:
            return
        self._told = self._elapsed
        queues = self._scene.queues
        queues.read_dead_letters()
        receipts = len(self._scene.stack.keys("receipts/"))
        self._say(
            f"{self._elapsed:5.0f} s  receipts {receipts}/{len(self._plan.drops)}  dead letters "
            f"{len(queues.letters)}/{len(self._plan.poison)}  queue {sum(queues.waiting())}"
        )
