"""What must hold when a receipt is written or a dead letter is sent."""

import json
from collections.abc import Iterator
from typing import Any

from audience_uploader.adapters.s3_receipts import receipt_key
from audience_uploader.domain.times import from_iso
from support.fake_sqs import Queued
from support.stories.folders import Folders
from support.stories.ledger import Ledger, RefusedCall
from support.stories.timeline import REMOVE, Timeline, Version, set_second
from support.stories.violation import expect
from support.world import TIMEOUT, World

_REFUSED_CALL = ("tiktok_refused", "below_minimum")


class ReceiptChecks:
    """Looks at what is new since the last time."""

    def __init__(self, w: World, timeline: Timeline, ledger: Ledger, folders: Folders) -> None:
        self._world = w
        self._timeline = timeline
        self._ledger = ledger
        self._folders = folders
        self._receipts: dict[str, str] = {}  # key of the object -> ETag that was read
        self._letters: set[str] = set()
        self._had_nobody: set[Version] = set()  # removals without an audience

    def check(self) -> None:
        for version, receipt in self._new_receipts():
            if (receipt.get("outcome") or {}).get("state") == "unclear":
                self._ledger.unclear.add(version.audience)
            if receipt["status"] == "delivered" and receipt.get("call") is None:
                self._had_nobody.add(version)
            elif receipt["status"] == "superseded":
                self._check_superseded(version, receipt["superseded_by"])
            elif receipt.get("reason") == "older_than_removal":
                self._check_overtaken(version, from_iso(receipt["times"]["written_at"]))
        for letter in self._world.sqs.dead:
            if letter.message_id not in self._letters:
                self._letters.add(letter.message_id)
                self._check_letter(letter)

    def _new_receipts(self) -> Iterator[tuple[Version, dict[str, Any]]]:
        for key, stored in self._world.s3.objects.items():
            if key.startswith("receipts/") and self._receipts.get(key) != stored.etag:
                self._receipts[key] = stored.etag
                receipt = json.loads(stored.body)
                version = receipt["drop"]["key"], receipt["drop"]["etag"]
                if version in self._timeline.versions:
                    yield self._timeline.versions[version], receipt

    def _check_superseded(self, version: Version, by: str) -> None:
        """Superseded only by a set that was applied, and that is not older."""
        applied = [
            change
            for change in self._ledger.changes
            if change.name == version.audience
            and (self._ledger.applied(change) or change.audience_id not in self._ledger.rows())
            and any(v.set_name == by for v in change.versions)
        ]
        expect(applied, "superseded only by a set that did not fail", version, by)
        newest = max(self._folders.second_of(change) for change in applied)
        expect(self._second_of(version) <= newest, "superseded only by a newer set", version, by)

    def _second_of(self, version: Version) -> int:
        """Return the time of a drop, or of the set that it is a part of."""
        folder = self._timeline.folder_of(version, version.born)
        return set_second(folder) if folder else version.second

    def _check_overtaken(self, version: Version, at: float) -> None:
        """Refused for a removal only while one counts that was not refused itself."""
        removals = [
            v
            for v in self._timeline.versions.values()
            if (v.audience, v.action) == (version.audience, REMOVE)
            and v.second >= self._second_of(version)
        ]
        standing = any(self._counted(v, at) for v in removals)
        expect(standing, "older only than a removal that did not fail", version)

    def _counted(self, removal: Version, at: float) -> bool:
        if removal in self._had_nobody:
            return True
        receipt = self._world.s3.objects.get(receipt_key((removal.key, removal.etag)))
        if receipt and json.loads(receipt.body)["status"] == "delivered":
            return True
        return any(not c.failed or c.job.due > at for c in self._ledger.of(removal))

    def _check_letter(self, letter: Queued) -> None:
        """No dead letter for a drop outside the refused call; a list or a get has no drops."""
        if letter.attributes["ErrorReason"] not in _REFUSED_CALL:
            return
        key = json.loads(letter.body)["detail"]["object"]["key"]
        told = any(
            call.keys is None or key in call.keys or self._is_beside(key, call)
            for call in self._ledger.refused
            if 0 <= letter.sent_at - call.at < TIMEOUT
        )
        expect(told, "no dead letter for a drop outside the refused call", key)

    def _is_beside(self, key: str, call: RefusedCall) -> bool:
        """Tell whether a drop is an empty part of the set that was refused."""
        own = next((v for v in self._timeline.versions.values() if v.key == key), None)
        sets = {v.set_name for v in self._timeline.versions.values() if v.key in (call.keys or ())}
        return own is not None and own.set_name is not None and own.set_name in sets
