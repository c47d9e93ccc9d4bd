"""What must hold after each step of a story: at TikTok, in the receipts, and in the DLQ."""

import json
from collections.abc import Iterator
from typing import Any

from support.stories.ledger import Change, Ledger
from support.stories.steps import Story
from support.stories.timeline import APPEND, GOOD, REPLACE, Timeline, Version, set_second
from support.stories.violation import expect
from support.world import World

_REFUSED_CALL = ("tiktok_refused", "below_minimum")


class Checks:
    """Compares what the function does with the timeline of the user."""

    def __init__(self, story: Story, w: World, timeline: Timeline, ledger: Ledger) -> None:
        self.story = story
        self.world = w
        self.timeline = timeline
        self.ledger = ledger
        self._receipts: dict[str, str] = {}  # key of the object -> ETag that was read
        self._seen = [0, 0]
        self._dead: set[str] = set()

    def after_step(self) -> None:
        expect(self.ledger.broken is None, "the ledger itself works", self.ledger.broken)
        rows = [row.name for row in self.ledger.rows().values()]
        expect(len(rows) == len(set(rows)), "never two audiences of a name", rows)
        for change in self.ledger.changes[self._seen[0] :]:
            self._check_change(change)
        for version, receipt in self._new_receipts():
            if receipt["status"] == "superseded":
                self._check_superseded(version, receipt["superseded_by"])
        self._check_dead_letters(self.ledger.refused[self._seen[1] :])
        self._seen = [len(self.ledger.changes), len(self.ledger.refused)]

    def _check_change(self, change: Change) -> None:
        """One action, the drops' own ids, nothing stale, and of a set the whole folder."""
        parts, actions = change.versions, {v.action for v in change.versions}
        may_be = (APPEND, REPLACE) if change.call == "create" else (change.action,)
        right = len(actions) == 1 and actions <= set(may_be)
        expect(right, "a call has one action, the drops' own", change.action, parts)
        ids = frozenset(i for part in parts for i in part.ids)
        expect(change.ids == ids, "a call holds what its drops hold", parts)
        if actions == {REPLACE}:
            self._check_whole(change)
        else:
            stale = [v for v in parts if v.died <= change.began]
            expect(not stale, "of an overwritten drop the current version counts", stale)

    def _check_whole(self, change: Change) -> None:
        names = {v.set_name for v in change.versions}
        expect(len(names) == 1, "one set in a call", names)
        (name,) = names
        ticks = range(change.began, change.tick + 1)
        whole = any(self._is_whole(change, str(name), tick) for tick in ticks)
        expect(whole, "each REPLACE equals the whole folder", change.versions)

    def _is_whole(self, change: Change, name: str, tick: int) -> bool:
        folder = self.timeline.folder(change.name, name, tick)
        with_rows = {v for v in folder if v.ids}
        return with_rows == set(change.versions) and not any(_is_bad(v) for v in folder)

    def _new_receipts(self) -> Iterator[tuple[Version, dict[str, Any]]]:
        for key, stored in self.world.s3.objects.items():
            if key.startswith("receipts/") and self._receipts.get(key) != stored.etag:
                self._receipts[key] = stored.etag
                receipt = json.loads(stored.body)
                version = receipt["drop"]["key"], receipt["drop"]["etag"]
                if version in self.timeline.versions:
                    yield self.timeline.versions[version], receipt

    def _check_superseded(self, version: Version, by: str) -> None:
        """Superseded only by a set that was applied, and that is not older."""
        applied = [
            change
            for change in self.ledger.changes
            if change.name == version.audience
            and (self.ledger.applied(change) or change.audience_id not in self.ledger.rows())
            and any(v.set_name == by for v in change.versions)
        ]
        expect(applied, "superseded only by a set that did not fail", version, by)
        newest = max(self.second_of(change) for change in applied)
        mine = version.second
        if version.set_name is not None:
            mine = set_second(
                self.timeline.folder(version.audience, version.set_name, version.born)
            )
        expect(mine <= newest, "superseded only by a newer set", version, by)

    def second_of(self, change: Change) -> int:
        """Return the time of a change's set, as its folder was at the call."""
        name = str(change.versions[0].set_name)
        ticks = range(change.began, change.tick + 1)
        tick = next(t for t in reversed(ticks) if self._is_whole(change, name, t))
        return set_second(self.timeline.folder(change.name, name, tick))

    def _check_dead_letters(self, refused: list[set[str] | None]) -> None:
        """No dead letter for a drop outside the refused call."""
        new = [m for m in self.world.sqs.dead if m.message_id not in self._dead]
        self._dead |= {m.message_id for m in new}
        for letter in new:
            if letter.attributes["ErrorReason"] in _REFUSED_CALL and None not in refused:
                key = json.loads(letter.body)["detail"]["object"]["key"]
                told = any(key in call or self._is_beside(key, call) for call in refused if call)
                expect(told, "no dead letter for a drop outside the refused call", key)

    def _is_beside(self, key: str, call: set[str]) -> bool:
        """Tell whether a drop is an empty part of the set that was refused."""
        own = next((v for v in self.timeline.versions.values() if v.key == key), None)
        sets = {v.set_name for v in self.timeline.versions.values() if v.key in call}
        return own is not None and own.set_name is not None and own.set_name in sets


def _is_bad(version: Version) -> bool:
    return not version.ids and version.content not in (GOOD, "no rows")
