"""What must hold at the end of a story: receipts and dead letters."""

import json
from collections import Counter
from typing import Any

from support.stories.content_check import ContentCheck
from support.stories.folders import Folders
from support.stories.ledger import Change, Ledger
from support.stories.refusals import Refusals
from support.stories.steps import Story
from support.stories.timeline import BAD, EMPTY, GOOD, REMOVE, Timeline, Version
from support.stories.violation import expect
from support.world import World

_NOT_APPLIED = ("unclear", "gone", "expired", "too_small")
Group = tuple[str, str]
"""An audience and a set's name; of a drop that is in no set, its audience and key."""


class FinalChecks:
    """Looks at a story whose faults are over."""

    def __init__(self, story: Story, w: World, timeline: Timeline, ledger: Ledger) -> None:
        self._story = story
        self._world = w
        self._timeline = timeline
        self._ledger = ledger
        self._content = ContentCheck(w, timeline, ledger, Folders(timeline))
        self._refusals = Refusals(story, w, timeline, ledger)

    def without_receipt(self) -> list[Version]:
        return [v for v in self._timeline.current() if self._world.receipt(v.key) is None]

    def check_ended(self, *, outcomes: bool) -> None:
        """Expect a receipt of each drop, and nothing open.

        What a set overtook waits for 13 days, one drop after the other, if it is unclear whether
        the set was applied.
        """
        drops = [v for v in self.without_receipt() if v.audience not in self._ledger.unclear]
        expect(not drops, "every drop ends with a receipt", drops)
        if not self.without_receipt():
            messages = self._world.sqs.messages
            expect(not messages, "every message comes to its end", messages)
            waits = self.open_changes() if outcomes else []
            expect(not waits, "every change is settled in the end", waits)

    def open_changes(self) -> list[str]:
        """Return the records that still wait for something."""
        prefix = f"state/{self._world.sim.advertiser_id}/"
        fields = ("open_change", "closed_changes", "accepted", "create", "lease")
        found = []
        for key, stored in self._world.s3.objects.items():
            if key.startswith(prefix):
                record = json.loads(stored.body)
                found += [key] * any(record.get(field) for field in fields)
        return found

    def check_told(self) -> None:
        """Each rejected drop or set has a dead letter; what was confirmed is not held back."""
        if any(step.do == "lose" for step in self._story.steps):
            return
        dead = self._dead_letters()
        for group, versions in self._rejected().items():
            expect(dead[group], "each refused drop or set has a dead letter", versions)
            reasons = {self._receipt(v)["reason"] for v in versions}
            held = "shrinks_too_much" in reasons and self._refusals.is_confirmed(versions[0])
            expect(not held, "a confirmed set is not held back", versions)

    def check_end(self) -> None:
        for name in {v.audience for v in self._timeline.versions.values() if v.action != BAD}:
            self._content.check(name)
        for version in self._timeline.current():
            self._check_receipt(version, self._receipt(version))
        lost = any(step.do == "lose" for step in self._story.steps)
        rejected = self._rejected()
        for group, count in self._dead_letters().items():
            expect(group in rejected, "no dead letter without a rejected drop", group)
            expect(count == 1, "a refused drop or set has one dead letter", group)
        if not lost:
            untold = set(rejected) - set(self._dead_letters())
            expect(not untold, "each refused drop or set has a dead letter", untold)

    def _check_receipt(self, version: Version, receipt: dict[str, Any]) -> None:
        status, changes = receipt["status"], self._ledger.of(version)
        if status == "delivered":
            self._check_delivered(version, receipt, changes)
        elif status == "rejected":
            right = self._refusals.is_right(version, receipt["reason"]) or self._is_lost(version)
            expect(right, "a refusal has its reason", version, receipt["reason"])
            sent = [c for c in changes if c.answered and self._ledger.holds(c)]
            expect(not sent or self._story.is_replayed, "nothing refused is at TikTok", version)
        elif status == "skipped":
            expect(version.content == EMPTY, "only what holds no row is skipped", version)
        sent = status == "delivered" and changes
        expect(not sent or (version.action != BAD and version.content in (GOOD, EMPTY)),
               "what is damaged is refused", version, status)  # fmt: skip

    def _is_lost(self, version: Version) -> bool:
        """Tell whether a redrive may have been lost with the queue's messages."""
        lost = any(step.do == "lose" for step in self._story.steps)
        return lost and _group(version) not in self._dead_letters()

    def _check_delivered(
        self, version: Version, receipt: dict[str, Any], changes: list[Change]
    ) -> None:
        had_nobody = version.action == REMOVE and receipt.get("call") is None
        if not version.ids or had_nobody:
            return
        expect(changes, "a delivered drop is at TikTok", version)
        outcome = receipt["outcome"]
        expect(outcome, "every outcome is told", version)
        if outcome["state"] not in _NOT_APPLIED:
            applied = any(self._ledger.applied(c) for c in changes)
            expect(applied, "what TikTok did not apply is not told as delivered", version, outcome)

    def _rejected(self) -> dict[Group, list[Version]]:
        found: dict[Group, list[Version]] = {}
        for version in self._timeline.current():
            if self._receipt(version)["status"] == "rejected":
                found.setdefault(_group(version), []).append(version)
        return found

    def _dead_letters(self) -> Counter[Group]:
        keys = [str(json.loads(m.body)["detail"]["object"]["key"]) for m in self._world.sqs.dead]
        there = {_group(v) for v in self._timeline.current()}
        every = self._timeline.versions.values()  # a deleted part may stand for what is left
        groups = {v.key: _group(v) for v in every if _group(v) in there}
        groups |= {key: _confirmed_group(key) for key in keys if key.endswith("/_CONFIRMED")}
        return Counter(groups[key] for key in keys if key in groups)

    def _receipt(self, version: Version) -> dict[str, Any]:
        return self._world.receipt(version.key) or {"status": "none"}


def _confirmed_group(key: str) -> Group:
    return key.split("/")[1], key.split("/")[-2]


def _group(version: Version) -> Group:
    return version.audience, version.set_name or version.key
