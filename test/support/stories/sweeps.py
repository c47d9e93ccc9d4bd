"""Sweeps of a story: whole, killed half-way, or two at once; and what they may send and ask."""

import json
from collections.abc import Callable

from support.killer import Killed
from support.stories.hooks import Hooks
from support.stories.timeline import Timeline
from support.stories.violation import expect
from support.world import World

_BODY = json.dumps({"source": "aws.events", "detail-type": "Scheduled Event"})
_MOST_ASKS = 3  # one get call, tried three times


class SweepRuns:
    """Runs sweeps; none sends a second message for a group within an hour."""

    def __init__(
        self,
        w: World,
        timeline: Timeline,
        hooks: Hooks,
        as_another: Callable[[Callable[[], None]], None],
    ) -> None:
        self._world = w
        self._timeline = timeline
        self._hooks = hooks
        self._as_another = as_another
        self._sent: dict[str, float] = {}
        self._calls = 0
        self.groups = 0  # of all sweeps so far: those with a reason for a message

    def run(self, how: str = "") -> None:
        """Have the scheduled pass run now."""
        known, groups, _ = set(self._world.sqs.messages), self._groups(), self._called()
        self.groups += len(groups)
        passes = 2 if how.startswith("twice") else 1
        if how.startswith("twice"):
            self._hooks.meanwhile(how.split()[1], lambda: self._as_another(self._pass))
        elif how:
            _, when, at = how.split()
            self._hooks.kill(at, after=when == "after")
        self._dying()
        self._hooks.rest()
        self._check_sent(known, groups)
        asked = self._called()
        expect(set(asked) <= {"get"}, "a sweep calls nothing but get", asked)
        expect(len(asked) <= passes * _MOST_ASKS, "a sweep asks once", asked)

    def _groups(self) -> set[str]:
        """Return the groups with a drop that has no receipt; a bad key is one by itself."""
        there = self._timeline.current()
        return {v.group for v in there if self._world.receipt(v.key) is None}

    def _called(self) -> list[str]:
        """Return the endpoints that were called at since this was asked last."""
        calls = self._world.sim.calls(since=self._calls)
        self._calls += len(calls)
        return [str(call["endpoint"]) for call in calls]

    def _dying(self) -> None:
        try:
            self._pass()
        except Killed:
            self._world.app = self._world.new_app()
            for message in [m for m in self._world.sqs.messages.values() if m.body == _BODY]:
                del self._world.sqs.messages[message.message_id]

    def _pass(self) -> None:
        done = self._world.receive(self._world.sqs.send(_BODY))
        expect(done, "a sweep is always done")

    def _check_sent(self, known: set[str], groups: set[str]) -> None:
        now = self._world.now()
        for message_id, message in self._world.sqs.messages.items():
            if message_id in known:
                continue
            detail = json.loads(message.body)["detail"]
            expect(detail["reason"] == "sweep", "a sweep's message says so", detail)
            told = detail["object"]
            group, confirmed = self._told_of(told["key"], told["etag"])
            meant = confirmed or group in groups or self._is_left(told["key"])
            expect(meant, "a sweep's message is of a drop without a receipt", group)
            self.groups += group not in groups
            last = self._sent.get(group)
            expect(
                last is None or now - last >= 120 * self._world.base,
                "one message for a group an hour",
                group,
            )
            self._sent[group] = now

    def _told_of(self, key: str, etag: str) -> tuple[str, bool]:
        """Return the group that a message is for, and whether it tells that a set is confirmed."""
        version = self._timeline.versions.get((key, etag))
        if version:
            return version.group, False
        name, form, _, set_name, mark = key.split("/")[1:]
        return f"{name}/{form.upper()}", mark == "_CONFIRMED" and (
            (name, set_name) in self._timeline.confirmed
        )

    def _is_left(self, key: str) -> bool:
        """Tell whether a function died with this drop's message, its call being accepted."""
        record = self._world.record(key.split("/")[1])
        return bool(record["accepted"]) and (record["lease"] or {}).get("drop") == key
