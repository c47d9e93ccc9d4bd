"""What must hold at the end of a story: receipts, dead letters, and what TikTok holds."""

import json
from collections import Counter
from typing import Any

from support.stories.checks import Checks
from support.stories.ledger import Change
from support.stories.steps import POISON
from support.stories.timeline import (
    APPEND,
    EMPTY,
    NEVER,
    REMOVE,
    REPLACE,
    Deed,
    Version,
    content,
    set_second,
)
from support.stories.violation import expect

_FOR_TOO_FEW = (
    *("too_small", "below_minimum", "tiktok_failed", "audience_stuck"),
    "tiktok_refused",  # the simulator's text names a floor that is none of TikTok's
)
Group = tuple[str, str]
"""An audience and a set's name; of a drop that is in no set, its audience and key."""


class FinalChecks:
    """Looks at a story whose faults are over."""

    def __init__(self, checks: Checks) -> None:
        self._story = checks.story
        self._world = checks.world
        self._timeline = checks.timeline
        self._ledger = checks.ledger
        self._second_of = checks.second_of

    def without_receipt(self) -> list[Version]:
        return [v for v in self._timeline.current() if self._world.receipt(v.key) is None]

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
            held = "shrinks_too_much" in reasons and self._is_confirmed(versions[0])
            expect(not held, "a confirmed set is not held back", versions)

    def check_end(self) -> None:
        for name in {v.audience for v in self._timeline.versions.values()}:
            self._check_content(name)
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

    def _check_content(self, name: str) -> None:
        """Expect the timeline's content, but for ids taken out and put in within one wait."""
        found = self._world.sim.audiences(name)
        actual = {str(i) for i in found[0]["applied_ids"]} if found else set()  # type: ignore[attr-defined]
        changes = [
            change
            for change in self._ledger.changes
            if found and change.audience_id == found[0]["id"] and self._ledger.applied(change)
        ]
        expected = content(self._deeds(changes))
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
                    deed = Deed(self._second_of(change), REPLACE, str(v.set_name), change.ids)
                deeds[v.set_name or (v.key, v.etag)] = deed
        return list(deeds.values())

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

    def _check_receipt(self, version: Version, receipt: dict[str, Any]) -> None:
        status, changes = receipt["status"], self._ledger.of(version)
        if status == "delivered":
            self._check_delivered(version, receipt, changes)
        elif status == "rejected":
            expect(self._is_legitimate(version, receipt["reason"]), "a refusal has its reason",
                   version, receipt["reason"], receipt["message"])  # fmt: skip
            sent = [c for c in changes if c.answered and self._ledger.applied(c)]
            expect(not sent or self._was_replayed(), "nothing refused is at TikTok", version)
        elif status == "skipped":
            expect(version.content == EMPTY, "only what holds no row is skipped", version)
        sent = status == "delivered" and changes
        expect(not sent or version.content in ("good", EMPTY),
               "what is damaged is refused", version, status)  # fmt: skip

    def _check_delivered(
        self, version: Version, receipt: dict[str, Any], changes: list[Change]
    ) -> None:
        if not version.ids or (not changes and version.action == REMOVE):
            return
        expect(changes, "a delivered drop is at TikTok", version)
        outcome = receipt["outcome"]
        expect(outcome, "every outcome is told", version)
        if outcome["state"] == "ready":
            applied = any(self._ledger.applied(c) for c in changes)
            expect(applied, "ready is what TikTok applied", version)

    def _is_legitimate(self, version: Version, reason: str) -> bool:
        parts = self._parts(version)
        bad = {part.content for part in parts} & set(POISON)
        if reason == "older_than_removal":
            return self._is_older_than_a_removal(version, parts)
        if reason == "shrinks_too_much":
            return self._story.percent > 0 and not self._is_confirmed(version)
        if reason in _FOR_TOO_FEW:
            return self._story.options.get("floor", 0) > 0
        if reason == "gave_up":
            return self._has_unclear(version.audience)
        if version.action != REPLACE:
            return reason in bad
        return bool(bad) if reason == "set_incomplete" else not any(p.ids for p in parts)

    def _has_unclear(self, audience: str) -> bool:
        """Tell whether nobody can tell if a change was applied, perhaps a set's."""
        receipts = [self._receipt(v) for v in self._timeline.current() if v.audience == audience]
        return any((r.get("outcome") or {}).get("state") == "unclear" for r in receipts)

    def _was_replayed(self) -> bool:
        return any(step.how.get("replay") for step in self._story.steps)

    def _parts(self, version: Version) -> list[Version]:
        if version.set_name is None:
            return [version]
        tick = self._timeline.tick
        return self._timeline.folder(version.audience, version.set_name, tick)

    def _is_older_than_a_removal(self, version: Version, parts: list[Version]) -> bool:
        removals = [
            v
            for v in self._timeline.versions.values()
            if v.audience == version.audience and v.action == REMOVE and v.ids
        ]
        newest = max((v.second for v in removals), default=0)
        return version.action in (APPEND, REPLACE) and set_second(parts) <= newest

    def _is_confirmed(self, version: Version) -> bool:
        folders = {part.key.rpartition("/")[0] for part in self._parts(version)}
        return any(f"{folder}/_CONFIRMED" in self._world.s3.objects for folder in folders)

    def _rejected(self) -> dict[Group, list[Version]]:
        found: dict[Group, list[Version]] = {}
        for version in self._timeline.current():
            if self._receipt(version)["status"] == "rejected":
                found.setdefault(_group(version), []).append(version)
        return found

    def _dead_letters(self) -> Counter[Group]:
        keys = [str(json.loads(m.body)["detail"]["object"]["key"]) for m in self._world.sqs.dead]
        groups = {v.key: _group(v) for v in self._timeline.current()}
        groups |= {key: _confirmed_group(key) for key in keys if key.endswith("/_CONFIRMED")}
        return Counter(groups[key] for key in keys if key in groups)

    def _receipt(self, version: Version) -> dict[str, Any]:
        return self._world.receipt(version.key) or {"status": "none"}


def _confirmed_group(key: str) -> Group:
    return key.split("/")[1], key.split("/")[-2]


def _group(version: Version) -> Group:
    return version.audience, version.set_name or version.key
