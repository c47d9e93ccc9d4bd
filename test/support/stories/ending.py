"""The end of a story: everything works again, dead letters are redriven, and all is counted."""

from collections.abc import Callable

from support.stories.deeds import Deeds
from support.stories.final_checks import FinalChecks
from support.stories.ledger import Ledger
from support.stories.steps import Story
from support.stories.sweeps import SweepRuns
from support.stories.timeline import Timeline
from support.world import HOUR, World

_ROUNDS, _ROUND = 60, 12 * HOUR  # longer than it takes to give up twice


class Ending:
    """Puts right what a person would, and waits until nothing is open."""

    def __init__(
        self,
        story: Story,
        w: World,
        timeline: Timeline,
        ledger: Ledger,
        deeds: Deeds,
        sweeps: SweepRuns,
    ) -> None:
        self._story = story
        self._world = w
        self._deeds = deeds
        self._sweeps = sweeps
        self._final = FinalChecks(story, w, timeline, ledger)

    def run(self, *, after_round: Callable[[], None]) -> None:
        """Put all right; `after_round` checks what must hold at any time."""
        self._check = after_round
        self._world.sim.faults.clear()
        self._deeds.do("secret", {"how": "right"})
        self._wait(sweeps=self._story.sweeps, outcomes=False)
        self._final.check_told()
        self._wait(sweeps=True, outcomes=True)  # what failed is a dead letter by then
        self._delete_what_is_of_no_use()
        self._deeds.do("replay_all" if self._story.replays else "redrive", {})
        self._wait(sweeps=True, outcomes=True)
        self._final.check_end()

    def _wait(self, *, sweeps: bool, outcomes: bool) -> None:
        """Wait until each drop has its receipt, and then until no change is open."""
        for _ in range(_ROUNDS):
            until = self._world.now() + _ROUND
            self._world.run(hours=_ROUND / HOUR, receives=400)
            self._world.advance(max(0.0, until - self._world.now()))
            if sweeps:
                self._sweeps.run()
            self._check()
            waiting = self._final.without_receipt() or self._world.sqs.messages
            if not waiting and not (outcomes and self._final.open_changes()):
                return
        self._final.check_ended(outcomes=outcomes)

    def _delete_what_is_of_no_use(self) -> None:
        """Delete audiences that TikTok never lets be used, as the dead letters say."""
        for audience in self._world.sim.audiences():
            if not audience["is_valid"] and not audience["processing"]:
                self._world.sim.remove(str(audience["id"]))
