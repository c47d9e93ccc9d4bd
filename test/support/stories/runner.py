"""Run a story: the user's steps, the function's work, and at the end all is put right."""

from collections.abc import Callable
from pathlib import Path

from support.killer import Killed
from support.stories.checks import Checks
from support.stories.deeds import Deeds
from support.stories.ending import Ending
from support.stories.hooks import Hooks
from support.stories.ledger import Ledger
from support.stories.message_count import MessageCount
from support.stories.records import Records
from support.stories.steps import Step, Story
from support.stories.sweeps import SweepRuns
from support.stories.timeline import Timeline
from support.stories.turns import Turns
from support.world import World, world

_BESIDE = 0.1  # hours
_RECEIVES = 60  # for a step; what is left waits for the next


def run(story: Story, directory: Path) -> None:
    """Run a story; raises Violation where something does not hold."""
    options = {"floor": 0, **story.options}
    mine, other = directory / "mine", directory / "other"
    mine.mkdir()
    other.mkdir()
    with world(mine, base=story.base, seed=story.seed, **options) as w:
        w.settle_seconds, w.replace_minimum_percent = story.settle, story.percent
        w.app = w.new_app()
        Runner(story, w, other).run()


class Runner:
    """Runs one story in one world."""

    def __init__(self, story: Story, w: World, other: Path) -> None:
        self._story = story
        self._world = w
        self._other = other  # where a function that runs at the same time works
        self._hooks = Hooks(w)
        self._timeline = Timeline()
        self._began = 0
        self._ledger = Ledger(w, self._timeline, lambda: self._began)
        self._turns = Turns(w, self._timeline, self._hooks)
        self._ledger.on_change = self._turns.note
        self._deeds = Deeds(w, self._timeline, self._hooks)
        self._sweeps = SweepRuns(w, self._timeline, self._hooks, self.as_another)
        self._records = Records(w, self._ledger)
        self._count = MessageCount(story, w, self._deeds, self._sweeps, self._ledger)
        self._checks = Checks(story, w, self._timeline, self._ledger)
        self._ending = Ending(story, w, self._timeline, self._ledger, self._deeds, self._sweeps)

    def run(self) -> None:
        """Run all steps and the end of the story, and check after each."""
        for step in self._story.steps:
            self._world.advance(step.gap)
            self._began = self._timeline.tick
            self._step(step)
            self._hooks.rest()
            self._check()
        self._hooks.failing.clear()
        self._hooks.unreadable.clear()
        self._ending.run(after_round=self._check)

    def _check(self) -> None:
        self._records.check()
        self._turns.check()
        self._count.check()
        self._checks.after_step()

    def _step(self, step: Step) -> None:
        how, _, moment = step.then.partition(" ")
        if how == "during":
            at, _, messages = moment.partition(" ")
            self._during(step, at, int(messages))
            return
        self._do(step)
        if how == "receive":
            self._receive_one()
        elif how == "work":
            self._world.run(hours=int(moment), receives=_RECEIVES)
        elif how == "killed":
            when, _, at = moment.partition(" ")
            self._hooks.kill(at, after=when == "after")
            self._dying()

    def _do(self, step: Step) -> None:
        if step.do == "sweep":
            self._sweeps.run(**step.how)
        else:
            self._deeds.do(step.do, step.how)

    def _during(self, step: Step, at: str, messages: int) -> None:
        """Do the step at an external call of the function, or after it, if there are too few."""
        done: list[Step] = []

        def deed() -> None:
            done.append(step)
            self._do(step)
            self.as_another(lambda: self._work_beside(messages))

        self._hooks.meanwhile(at, deed)
        self._receive_one()
        self._hooks.rest()
        if not done:
            self._do(step)

    def _receive_one(self) -> None:
        """Receive the newest message that a poll would find."""
        visible = self._world.sqs.visible()
        if visible:
            self._began = self._timeline.tick
            self._world.receive(visible[-1])

    def _work_beside(self, messages: int) -> None:
        """Receive messages while another function is at work, for less than a lease."""
        self._receive_one()
        self._world.run(hours=_BESIDE, receives=messages - 1)

    def _dying(self) -> None:
        known = len(self._ledger.changes)
        try:
            self._receive_one()
        except Killed:
            for change in self._ledger.changes[known:]:
                change.killed = True
            self._world.app = self._world.new_app()

    def as_another(self, deed: Callable[[], None]) -> None:
        """Do something as another function that runs at the same time."""
        mine, self._world.app = self._world.app, self._world.new_app(self._other)
        began = self._began
        try:
            deed()
        finally:
            self._world.app, self._began = mine, began
