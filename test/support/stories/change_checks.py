"""What each change that TikTok takes must be like."""

from support.stories.folders import Folders
from support.stories.ledger import Change, Ledger
from support.stories.steps import Story
from support.stories.timeline import APPEND, REPLACE, Timeline
from support.stories.violation import expect


class ChangeChecks:
    """Compares the changes at TikTok with the timeline of the user."""

    def __init__(self, story: Story, timeline: Timeline, ledger: Ledger, folders: Folders) -> None:
        self._percent, self._settle = story.percent, story.settle
        self._timeline = timeline
        self._ledger = ledger
        self._folders = folders

    def check(self, change: Change) -> None:
        """One action, the drops' own ids, nothing stale, and of a set the whole folder."""
        parts, actions = change.versions, {v.action for v in change.versions}
        may_be = (APPEND, REPLACE) if change.call == "create" else (change.action,)
        right = len(actions) == 1 and actions <= set(may_be)
        expect(right, "a call has one action, the drops' own", change.action, parts)
        ids = frozenset(i for part in parts for i in part.ids)
        expect(change.ids == ids, "a call holds what its drops hold", parts)
        if actions == {REPLACE}:
            self._check_set(change)
        else:
            stale = [v for v in parts if v.died <= change.began]
            expect(not stale, "of an overwritten drop the current version counts", stale)
            overtaken = [v for v in parts if v.second <= self._last_set(change)]
            expect(not overtaken, "nothing is sent that the last set overtook", overtaken)

    def _check_set(self, change: Change) -> None:
        names = {v.set_name for v in change.versions}
        expect(len(names) == 1, "one set in a call", names)
        whole = list(self._folders.at_call(change))
        expect(whole, "each REPLACE equals the whole folder", change.versions)
        ages = [change.at - max(v.at for v in folder) for folder in whole]
        expect(max(ages) >= self._settle, "a set is sent once settled", change.versions, ages)
        shrinks = _rows(change) * 100 < (self._rows_before(change) or 0) * self._percent
        confirmed = (change.name, change.versions[0].set_name) in self._timeline.confirmed
        expect(
            confirmed or not shrinks, "a set that shrinks is sent once confirmed", change.versions
        )

    def _before(self, change: Change) -> list[Change]:
        all_of = [c for c in self._ledger.changes if c.name == change.name]
        return all_of[: all_of.index(change)]

    def _last_set(self, change: Change) -> int:
        """Return the time of the last set before a change that the function knows of, or 0."""
        mine = [c for c in self._before(change) if c.audience_id == change.audience_id]
        known = [c for c in mine if c.heard and not c.failed]
        sets = [c for c in known if c.versions[0].action == REPLACE]
        return self._folders.second_of(sets[-1]) if sets else 0

    def _rows_before(self, change: Change) -> int | None:
        """Return the rows of the last set, or all appended ones; None where some may not count."""
        before = self._before(change)
        if not all(c.heard and not c.failed for c in before):
            return None
        sets = [c for c in before if c.versions[0].action == REPLACE]
        if sets:
            return _rows(sets[-1])
        creates = [n for n, c in enumerate(before) if c.call == "create"]
        since = before[creates[-1] if creates else 0 :]
        return sum(_rows(c) for c in since if c.versions[0].action == APPEND)


def _rows(change: Change) -> int:
    return sum(len(v.ids) for v in change.versions)
