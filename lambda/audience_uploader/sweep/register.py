"""What the sweep remembers between two passes: `state/sweep.json`.

It is claimed by a conditional write before any message is sent, so that two sweeps at once send
one message, and one that is killed half-way sends none twice within the hour.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from audience_uploader.adapters.json_store import DamagedObject, JsonStore
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.times import from_iso, iso

KEY = "state/sweep.json"


class Register:
    """The sweep's memory; times in seconds since the epoch.

    `cursor` is the last audience that an unfinished pass came to; `sent` when a group or key was
    last sent a message; `asked_all_at` when TikTok was last asked about all audiences.
    """

    def __init__(self, objects: JsonStore) -> None:
        self._objects = objects
        self._etag: str | None = None
        self.cursor = ""
        self.sent: dict[str, float] = {}
        self.asked_all_at = 0.0

    def load(self) -> None:
        """Read what the last pass wrote; one that can't be read counts as none."""
        try:
            data, self._etag = self._objects.find(KEY)
        except DamagedObject:
            self._objects.delete(KEY)
            data, self._etag = None, None
        self._read(data or {})

    def unsent(self, found: Mapping[str, Drop], *, since: float) -> dict[str, Drop]:
        """Return those of the groups or keys that no message was sent for since then."""
        return {group: drop for group, drop in found.items() if self.sent.get(group, 0.0) <= since}

    def save(self, *, now: float, hour: float) -> None:
        """Store it, without what is older than an hour.

        Raises PreconditionFailed when another sweep was faster.
        """
        kept = {group: at for group, at in self.sent.items() if now - hour < at <= now}
        data: dict[str, Any] = {
            "cursor": self.cursor,
            "sent": {group: iso(at) for group, at in kept.items()},
            "asked_all_at": iso(self.asked_all_at),
            "nonce": uuid.uuid4().hex,
        }
        self._etag = self._objects.replace(KEY, data, etag=self._etag)

    def _read(self, data: dict[str, Any]) -> None:
        sent = data.get("sent")
        self.cursor = str(data.get("cursor") or "")
        self.sent = {g: _time(at) for g, at in sent.items()} if isinstance(sent, dict) else {}
        self.asked_all_at = _time(data.get("asked_all_at"))


def _time(text: object) -> float:
    try:
        return from_iso(str(text))
    except ValueError:
        return 0.0
