"""What TikTok holds at the end of a story: who must be in an audience, and who must not."""

from support.stories.folders import Folders
from support.stories.ledger import Change, Ledger
from support.stories.timeline import (
    NEVER,
    REMOVE,
    REPLACE,
    Deed,
    Timeline,
    Version,
    content,
)
from support.stories.violation import expect
from support.world import World


class ContentCheck:
    """Compares audiences with the plain set that the timeline gives."""

    def __init__(self, w: World, timeline: Timeline, ledger: Ledger, folders: Folders) -> None:
        self._world = w
        self._timeline = timeline
        self._ledger = ledger
        self._folders = folders

    def check(self, name: str) -> None:
        """Expect the timeline's content, but for ids taken out and put in within one wait."""
        found = self._world.sim.audiences(name)
        actual = {str(i) for i in found[0]["applied_ids"]} if found else set()  # type: ignore[attr-defined]
        changes = [
            change
            for change in self._ledger.changes
            if found and change.audience_id == found[0]["id"] and self._ledger.applied(change)
        ]
        expected = content([*self._deeds(changes), *self._removals(name)])
        back = self._tell(actual - expected)
        expect(not back, "nobody is in an audience who was taken out", back)
        missing = self._tell({i for i in expected - actual if not self._is_excused(i, changes)})
        expect(not missing, "nobody is missing from an audience", missing)

    def _tell(self, ids: set[str]) -> list[str]:
        return sorted(str(self._timeline.marks.get(i, f"person {int(i, 16) - 1}")) for i in ids)

    def _deeds(self, changes: list[Change]) -> list[Deed]:
        deeds = {}
        for change in changes:
            for v in change.versions:
                deed = Deed(v.second, v.action, v.key, v.ids)
                if v.action == REPLACE:  # what was sent last of a set is its content
                    deed = Deed(
                        self._folders.second_of(change), REPLACE, str(v.set_name), change.ids
                    )
                deeds[v.set_name or (v.key, v.etag)] = deed
        return list(deeds.values())

    def _removals(self, name: str) -> list[Deed]:
        """Return all removals that did not fail, of audiences that are gone as well.

        That there was nobody to take out is told as delivered, and counts like a removal.
        """
        versions = [v for v in self._timeline.versions.values() if v.action == REMOVE]
        return [
            Deed(v.second, REMOVE, v.key, v.ids)
            for v in versions
            if v.audience == name and (self._was_taken(v) or self._had_nobody(v))
        ]

    def _was_taken(self, version: Version) -> bool:
        return any(c.answered and not c.failed for c in self._ledger.of(version))

    def _had_nobody(self, version: Version) -> bool:
        if self._ledger.of(version) or version.died != NEVER:
            return False
        return (self._world.receipt(version.key) or {}).get("status") == "delivered"

    def _is_excused(self, person: str, changes: list[Change]) -> bool:
        """Tell whether someone was put in again before the removal had been accepted.

        Nor can a file be sent again that is not there any more.
        """
        put_in = [v for c in changes for v in c.versions if v.action != REMOVE and person in v.ids]
        if all(v.died != NEVER for v in put_in):
            return True  # overwritten or deleted since
        newest = max((v.second for v in put_in), default=0)
        out = [c for c in changes if c.action == REMOVE and person in c.ids]
        return any(c.at >= newest for c in out)
