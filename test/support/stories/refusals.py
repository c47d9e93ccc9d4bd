"""Which reasons to refuse a drop are right at the end of a story."""

from support.stories.ledger import Ledger
from support.stories.steps import POISON, Story
from support.stories.timeline import (
    APPEND,
    BAD,
    REMOVE,
    REPLACE,
    Timeline,
    Version,
    set_second,
)
from support.world import World

_FOR_TOO_FEW = (
    *("too_small", "below_minimum", "tiktok_failed", "audience_stuck"),
    "tiktok_refused",  # the simulator's text names a floor that is none of TikTok's
)


class Refusals:
    """Judges refusals of a story whose faults are over."""

    def __init__(self, story: Story, w: World, timeline: Timeline, ledger: Ledger) -> None:
        self._story = story
        self._world = w
        self._timeline = timeline
        self._ledger = ledger

    def is_right(self, version: Version, reason: str) -> bool:
        if version.action == BAD:
            return reason == "bad_key"
        parts = self._parts(version)
        bad = {part.content for part in parts} & set(POISON)
        if reason == "older_than_removal":
            return self._is_older_than_a_removal(version, parts)
        if reason == "shrinks_too_much":
            return self._story.percent > 0 and not self.is_confirmed(version)
        if reason in _FOR_TOO_FEW:
            return bool(self._story.options.get("floor", 0) > 0)
        if reason == "gave_up":
            return version.audience in self._ledger.unclear
        if version.action != REPLACE:
            return reason in bad
        return bool(bad) if reason == "set_incomplete" else not any(p.ids for p in parts)

    def _parts(self, version: Version) -> list[Version]:
        if version.set_name is None:
            return [version]
        tick = self._timeline.tick
        return self._timeline.folder(version.audience, version.set_name, tick)

    def _is_older_than_a_removal(self, version: Version, parts: list[Version]) -> bool:
        removals = [
            v
            for v in self._timeline.versions.values()
            if v.audience == version.audience and v.action == REMOVE
        ]
        newest = max((v.second for v in removals), default=0)
        return version.action in (APPEND, REPLACE) and set_second(parts) <= newest

    def is_confirmed(self, version: Version) -> bool:
        folders = {part.key.rpartition("/")[0] for part in self._parts(version)}
        return any(f"{folder}/_CONFIRMED" in self._world.s3.objects for folder in folders)
