"""What the record says at the moment of a call: whose turn it is, and what is about to happen."""

import json
from typing import Any

from support.stories.ledger import Ledger
from support.stories.violation import expect
from support.world import World

_CALLS = {"create": "create", "update": "kept"}  # the call, and where its uploads are noted


class Records:
    """Checks, at each call that changes an audience, what a function that died would leave."""

    def __init__(self, w: World, ledger: Ledger) -> None:
        self._world = w
        self._ledger = ledger
        self._broken: list[tuple[str, object]] = []
        ledger.after_call = self._note

    def check(self) -> None:
        """Raise Violation for what was noted; outside of the function, which would catch it."""
        for rule, about in self._broken:
            expect(False, rule, about)

    def _note(self, path: str, body: Any) -> None:
        call = path.rstrip("/").rpartition("/")[2]
        if call not in _CALLS:
            return
        asked = json.loads(body)
        record = self._record(asked)
        if record["lease"] is None:
            self._broken.append(("an audience is changed under its lease", asked))
        noted = [upload["file_path"] for upload in (record[_CALLS[call]] or {}).get("uploads", [])]
        if noted != asked["file_paths"]:
            self._broken.append((f"a call is noted before it is sent: {call}", asked))

    def _record(self, asked: dict[str, Any]) -> dict[str, Any]:
        row = self._ledger.rows().get(asked.get("custom_audience_id", ""))
        return self._world.record(row.name if row else asked["custom_audience_name"])
