"""What must hold after each step of a story: at TikTok, in the receipts, and in the DLQ."""

from support.stories.change_checks import ChangeChecks
from support.stories.folders import Folders
from support.stories.ledger import Ledger
from support.stories.receipt_checks import ReceiptChecks
from support.stories.steps import Story
from support.stories.timeline import Timeline
from support.stories.violation import expect
from support.world import World


class Checks:
    """Compares what the function does with the timeline of the user."""

    def __init__(self, story: Story, w: World, timeline: Timeline, ledger: Ledger) -> None:
        self._ledger = ledger
        folders = Folders(timeline)
        self._changes = ChangeChecks(story, timeline, ledger, folders)
        self._receipts = ReceiptChecks(w, timeline, ledger, folders)
        self._seen = 0

    def after_step(self) -> None:
        expect(self._ledger.broken is None, "the ledger itself works", self._ledger.broken)
        rows = [row.name for row in self._ledger.rows().values()]
        expect(len(rows) == len(set(rows)), "never two audiences of a name", rows)
        for change in self._ledger.changes[self._seen :]:
            self._changes.check(change)
        self._seen = len(self._ledger.changes)
        self._receipts.check()
