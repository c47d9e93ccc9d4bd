"""What TikTok holds at the end of a story: who must be in an audience, and who must not."""

from support.stories.folders import Folders
from support.stories.ledger import Change, Ledger
from support.stories.timeline import (
    ACTIONS,
    APPEND,
    NEVER,
    REMOVE,
    REPLACE,
    Deed,
    Timeline,
    Version,
    content,
    set_second,
)
from support.stories.violation import expect
from support.world import World

Place = str | tuple[str, str]
"""A set's name, or the version of another drop."""
Deeds = dict[Place, Deed]


class ContentCheck:
    """Compares audiences with the plain set that the timeline gives."""

    def __init__(self, w: World, timeline: Timeline, ledger: Ledger, folders: Folders) -> None:
        self._world = w
        self._timeline = timeline
        self._ledger = ledger
        self._folders = folders

    def check(self, name: str) -> None:
        """Expect the timeline's content, but for ids taken out and put in within one wait.

        With or without what TikTok did for versions that are gone, and nobody heard of.
        """
        found = self._world.sim.audiences(name)
        actual = {str(i) for i in found[0]["applied_ids"]} if found else set()  # type: ignore[attr-defined]
        all_of = [c for c in self._ledger.changes if c.name == name]
        changes = [
            c
            for c in all_of
            if found and c.audience_id == found[0]["id"] and self._ledger.applied(c)
        ]
        # Where some failed, or were of an audience that is gone, not all that was asked is done.
        standing = self._standing(name) if len(changes) == len(all_of) else {}
        told, untold = (
            content((standing | self._done(changes, untold=also) | self._removals(name)).values())
            for also in (False, True)
        )
        back = self._tell(actual - told - untold)
        expect(not back, "nobody is in an audience who was taken out", back)
        missing = self._tell(
            {i for i in (told & untold) - actual if not self._is_excused(i, name, changes)}
        )
        expect(not missing, "nobody is missing from an audience", missing)

    def _tell(self, ids: set[str]) -> list[str]:
        return sorted(str(self._timeline.marks.get(i, f"person {int(i, 16) - 1}")) for i in ids)

    def _done(self, changes: list[Change], *, untold: bool) -> Deeds:
        """Return what TikTok did; what was sent last of a set is its content.

        With `untold` also what nobody knows of any more: a set is sent again by its other parts.
        """
        deeds = {}
        for change in changes:
            for v in change.versions:
                if not untold and self._is_unknown(v, change):
                    continue
                deed = Deed(v.second, v.action, v.key, v.ids)
                if v.action == REPLACE:
                    second = self._folders.second_of(change)
                    deed = Deed(second, REPLACE, str(v.set_name), change.ids)
                deeds[_place(v)] = deed
        return deeds

    def _is_unknown(self, version: Version, change: Change) -> bool:
        """Tell whether nobody knows any more what was sent, and that it was.

        A set whose answer was lost overtakes nothing until it is sent again. Where a part that was
        written since has it refused, it never is: an older set is, and leaves nothing of it.
        """
        if change.heard or version.action == APPEND:
            return False
        parts = self._timeline.folder_of(version, self._timeline.tick)
        is_another = any(part.born > change.tick for part in parts)
        return version.died != NEVER or (is_another and self._is_refused(version))

    def _standing(self, name: str) -> Deeds:
        """Return what the drops ask for that are there and were not refused."""
        deeds = {}
        for v in self._not_refused(name):
            parts = self._timeline.folder_of(v, self._timeline.tick) or [v]
            ids = frozenset(i for part in parts for i in part.ids)
            deeds[_place(v)] = Deed(set_second(parts), v.action, v.set_name or v.key, ids)
        return deeds

    def _not_refused(self, name: str) -> list[Version]:
        there = [v for v in self._timeline.current() if v.audience == name and v.action in ACTIONS]
        receipts = {v: self._world.receipt(v.key) or {} for v in there}
        refused = {_place(v) for v in there if receipts[v].get("status") == "rejected"}
        return [v for v in there if _place(v) not in refused]

    def _removals(self, name: str) -> Deeds:
        """Return all removals that did not fail, of audiences that are gone as well.

        That there was nobody to take out is told as delivered, and counts like a removal.
        """
        versions = [v for v in self._timeline.versions.values() if v.action == REMOVE]
        return {
            _place(v): Deed(v.second, REMOVE, v.key, v.ids)
            for v in versions
            if v.audience == name and (self._was_taken(v) or self._had_nobody(v))
        }

    def _was_taken(self, version: Version) -> bool:
        return any(c.heard and not c.failed for c in self._ledger.of(version))

    def _had_nobody(self, version: Version) -> bool:
        if self._ledger.of(version) or version.died != NEVER:
            return False
        return (self._world.receipt(version.key) or {}).get("status") == "delivered"

    def _is_excused(self, person: str, name: str, changes: list[Change]) -> bool:
        """Tell whether someone was put in again before the removal had been accepted.

        Nor can a file be sent again that is not there any more or was refused since.
        """
        sent = [v for c in changes for v in c.versions]
        put_in = [v for v in sent + self._not_refused(name) if _puts_in(v, person)]
        if all(v.died != NEVER or self._is_refused(v) for v in put_in):
            return True
        newest = max((v.second for v in put_in), default=0)
        out = [c for c in changes if c.action == REMOVE and person in c.ids]
        return any(c.at >= newest for c in out)

    def _is_refused(self, version: Version) -> bool:
        return (self._world.receipt(version.key) or {}).get("status") == "rejected"


def _place(version: Version) -> Place:
    return version.set_name or (version.key, version.etag)


def _puts_in(version: Version, person: str) -> bool:
    return version.action != REMOVE and person in version.ids
