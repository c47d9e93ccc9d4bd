"""What goes wrong around the function in a story, and how people put it right."""

from typing import Any

from support.fake_s3 import client_error
from support.stories.hooks import Hooks
from support.stories.timeline import Timeline
from support.world import World


class Mishaps:
    """Refuses files, loses messages and credentials, redrives, and has TikTok or S3 fail."""

    def __init__(self, world: World, timeline: Timeline, hooks: Hooks) -> None:
        self._world = world
        self._timeline = timeline
        self._hooks = hooks
        self.redriven = 0

    def unreadable(self, drop: int = 0, readable: bool = False) -> None:
        version = self._timeline.chosen(drop)
        if readable:
            self._hooks.unreadable.clear()
        elif version:
            self._hooks.unreadable.add(version.key)

    def lose(self, message: str | int = 0) -> None:
        messages = self._world.sqs.messages
        if message == "all":
            messages.clear()
        elif messages:
            del messages[list(messages)[int(message) % len(messages)]]

    def fault(self, **fault: Any) -> None:
        self._world.sim.faults.add(fault)

    def s3(self, operation: str, times: int) -> None:
        self._hooks.failing = [operation] * times

    def secret(self, how: str) -> None:
        w = self._world
        tokens = {"right": w.sim.token, "placeholder": "replace-with-your-token"}
        w.secrets.put(ACCESS_TOKEN=tokens.get(how, how), ADVERTISER_ID=w.sim.advertiser_id)
        refused = client_error("AccessDeniedException") if how == "unreadable" else None
        w.secrets.error = refused

    def redrive(self) -> None:
        self.redriven += len(self._world.sqs.dead)
        self._world.redrive()

    def gone(self, name: str) -> None:
        for audience in self._world.sim.audiences(name):
            self._world.sim.remove(str(audience["id"]))
