"""How many messages there are: at most drops plus groups per sweep, and one per late set."""

import json
from typing import Any

from support.stories.deeds import Deeds
from support.stories.ledger import Ledger
from support.stories.steps import Story
from support.stories.sweeps import SweepRuns
from support.stories.violation import expect
from support.world import World

_AFTER_SET = "set_sent_late"


class MessageCount:
    """Counts what was ever sent to the queue, against what is a reason to send something."""

    def __init__(
        self, story: Story, w: World, deeds: Deeds, sweeps: SweepRuns, ledger: Ledger
    ) -> None:
        self._deeds = deeds
        self._sweeps = sweeps
        self._ledger = ledger
        self._sent = self._sent_for_sets = 0
        self._deaths = sum(step.then.startswith("killed") for step in story.steps)
        self._tries = 1 + self._deaths
        self._tries += sum(step.how.get("times", 1) for step in story.steps if step.do == "s3")
        self._send = w.sqs.send
        w.sqs.send = self._counted  # type: ignore[method-assign]

    def check(self) -> None:
        """Expect no more messages than drops (and redrives), plus groups per sweep.

        A set that goes after its time, or may have gone, has appends sent again, by one message; a
        function that dies thereafter may send that twice.
        """
        reasons = self._deeds.events + self._sweeps.groups
        told = f"{self._sent} messages for {reasons}"
        expect(self._sent <= reasons, "messages at most drops plus groups per sweep", told)
        sets = self._ledger.sets_sent + self._deaths  # a death may have come before the call
        late = self._sent_for_sets <= sets * self._tries
        expect(late, "one message for what a late set wiped out", self._sent_for_sets, sets)

    def _counted(self, body: str, **attributes: str) -> Any:
        event = json.loads(body)
        for_sets = event.get("detail", {}).get("reason") == _AFTER_SET and not attributes
        self._sent_for_sets += for_sets
        self._sent += not for_sets and "detail" in event
        return self._send(body, **attributes)
