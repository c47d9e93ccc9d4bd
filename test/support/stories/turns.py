"""Whose turn it is: what else was pending when TikTok took a call."""

import json
from datetime import datetime
from typing import Any

from audience_uploader.adapters.s3_receipts import receipt_key
from support.stories.hooks import Hooks
from support.stories.ledger import Change, Ledger
from support.stories.timeline import APPEND, NEVER, REMOVE, Timeline, Version
from support.stories.violation import expect
from support.world import World

_ALONE_AFTER = 3  # crashes, after which a call takes the message's own drop only


class Turns:
    """Checks each append and removal against what was pending as its invocation began."""

    def __init__(self, w: World, timeline: Timeline, hooks: Hooks) -> None:
        self._world = w
        self._timeline = timeline
        self._hooks = hooks
        self._found: list[tuple[str, list[Version], Change]] = []

    def note(self, change: Change, ledger: Ledger) -> None:
        """Note what a call of TikTok overtook; `check` raises, outside of the function."""
        action = change.versions[0].action if change.versions else ""
        oldest = min((v.second for v in change.versions), default=0)
        if action == REMOVE:
            until = self._removed_until(change.name)  # what is older is refused anyway
            pending = self._pending(change, APPEND)
            overtaken = [v for v in pending if until < v.second < oldest]
            self._found.append(("a removal overtakes no pending append", overtaken, change))
        elif action == APPEND and change.call != "create" and not _was_removal(change, ledger):
            oldest = min(oldest, *self._without_rows(change))
            waiting = [v for v in self._pending(change, REMOVE) if v.second < oldest]
            self._found.append(("a removal has its turn after another call", waiting, change))

    def check(self) -> None:
        for rule, others, change in self._found:
            expect(not others, rule, others, "by", change.versions)
        self._found.clear()

    def _pending(self, change: Change, action: str) -> list[Version]:
        """Return the readable drops of an action without a receipt; none where one is alone."""
        record = self._record(change.name)
        if record["crashes"] >= _ALONE_AFTER or (record["wait"] or {}).get("kind") == "unexpected":
            return []
        return [
            v
            for v in self._timeline.current()
            if (v.audience, v.action) == (change.name, action)
            and v.born <= change.began
            and receipt_key((v.key, v.etag)) not in self._world.s3.objects
            and v.key not in {*record["drop_waits"], *self._hooks.unreadable}
            and v not in change.versions
        ]

    def _without_rows(self, change: Change) -> list[int]:
        """Return the times of appends that had their place in a call, and nothing to send."""
        return [
            v.second
            for v in self._timeline.versions.values()
            if (v.audience, v.action) == (change.name, APPEND) and not v.ids
        ] or [NEVER]

    def _removed_until(self, name: str) -> int:
        until = self._record(name)["removed_until"]
        return int(datetime.fromisoformat(until).timestamp()) if until else 0

    def _record(self, name: str) -> dict[str, Any]:
        stored = self._world.s3.objects[f"state/{self._world.sim.advertiser_id}/{name}.json"]
        return dict(json.loads(stored.body))


def _was_removal(change: Change, ledger: Ledger) -> bool:
    """Tell whether the last call that the function heard of was a removal."""
    now = (change.began, change.at)  # a call that is repeated was not heard of
    before = [c for c in ledger.changes if c.name == change.name and (c.began, c.at) != now]
    heard = [c for c in before if c.answered]
    return not heard or heard[-1].action == REMOVE
