"""Receipts that were written since the last pass, and the last days' in short for the page."""

from collections.abc import Iterable, Sequence
from typing import Any

from audience_uploader.adapters.json_store import DamagedObject, JsonStore
from audience_uploader.sweep.dates import seconds
from audience_uploader.sweep.recent_files import RecentFile, recent_file

KEY = "state/recent.json"
KEPT = 500  # receipts in short, the newest
_OVERLAP = 60.0  # seconds: clocks differ, and a listing may be late
_READ_A_PASS = 2000  # receipts; a first pass over a full bucket takes the newest


class RecentReceipts:
    """The newest receipts in short, kept in `state/recent.json`."""

    def __init__(self, objects: JsonStore) -> None:
        self._objects = objects
        self.files: list[RecentFile] = []
        self._seen: dict[str, float] = {}

    def load(self) -> None:
        """Read what was kept; an object that can't be read counts as none."""
        try:
            data, _ = self._objects.find(KEY)
        except DamagedObject:
            data = None
        self.files = list((data or {}).get("files") or [])
        seen = (data or {}).get("seen")
        self._seen = {k: float(at) for k, at in seen.items()} if isinstance(seen, dict) else {}

    def read_new(self, folder: str, listed: Sequence[tuple[str, float]]) -> list[RecentFile]:
        """Return, in short, the receipts listed of a folder that are new since the last pass."""
        since = self._seen.get(folder, 0.0)
        new = sorted((at, key) for key, at in listed if at > since - _OVERLAP)[-_READ_A_PASS:]
        self._seen[folder] = max((at for _, at in listed), default=since)
        files = [found for _, key in new if (found := self._read(key))]
        self._add(files)
        return files

    def _add(self, files: Iterable[RecentFile]) -> None:
        """Take in receipts; of one key the newest counts."""
        by_key = {file["key"]: file for file in self.files}
        for file in files:
            by_key[file["key"]] = file
        ordered = sorted(by_key.values(), key=lambda f: seconds(f["at"]) or 0.0, reverse=True)
        self.files = ordered[:KEPT]

    def save(self) -> None:
        """Store what is kept."""
        self._objects.put(KEY, {"files": self.files, "seen": self._seen})

    def _read(self, key: str) -> RecentFile | None:
        try:
            receipt: dict[str, Any] | None
            receipt, _ = self._objects.find(key)
            return recent_file(receipt) if receipt else None
        except (DamagedObject, KeyError, TypeError):
            return None
