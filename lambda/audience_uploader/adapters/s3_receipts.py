"""Receipts and waiting notes: for each drop version what became of it, or why it waits.

A receipt is the user's answer to "what happened to my file?", and what makes a repeated message
do no harm. A waiting note is written when a drop has to wait for longer than a moment.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from audience_uploader.adapters.aws_errors import ObjectNotFound, PreconditionFailed
from audience_uploader.adapters.json_store import JsonStore, for_each
from audience_uploader.domain.drop import version_key
from audience_uploader.domain.times import from_iso
from audience_uploader.domain.waiting_note import waiting_note_key

PREFIX = "receipts"
_LONG = f"{PREFIX}/long/"

Version = tuple[str, str]
"""A drop's key and ETag."""


def receipt_key(version: Version) -> str:
    """Return where a receipt is: `receipts/<drop key>/<etag>.json`.

    Under `receipts/long/<sha256 of the key>/` where that would pass S3's 1,024 bytes.
    """
    return version_key(PREFIX, version)


class ReceiptStore:
    """The receipts of one bucket."""

    def __init__(self, objects: JsonStore) -> None:
        self._objects = objects

    def find(self, version: Version) -> dict[str, Any] | None:
        """Return the receipt of a drop version, or None while there is none."""
        return self._objects.find(receipt_key(version))[0]

    def write(self, version: Version, receipt: dict[str, Any]) -> None:
        """Store a receipt, in place of an older one of the same version."""
        self._objects.put(receipt_key(version), receipt)

    def write_all(
        self, receipts: Mapping[Version, dict[str, Any]], *, before_each: Callable[[], object]
    ) -> None:
        """Store many receipts, several at a time; `before_each` may raise when time is up."""
        for_each(lambda v: self.write(v, receipts[v]), receipts, before_each=before_each)

    def change_all(
        self,
        versions: Iterable[Version],
        change: Callable[[dict[str, Any]], dict[str, Any] | None],
        *,
        before_each: Callable[[], object],
    ) -> None:
        """Store what `change` makes of each receipt that is there; None leaves it as it is."""

        def rewrite(version: Version) -> None:
            receipt, etag = self._objects.find(receipt_key(version))
            changed = change(receipt) if receipt else None
            if changed:
                with suppress(PreconditionFailed):  # redriven meanwhile: its new story counts
                    self._objects.replace(receipt_key(version), changed, etag=etag)

        for_each(rewrite, versions, before_each=before_each)

    def listed(self, prefix: str) -> list[tuple[str, float]]:
        """Return where receipts are whose drops' keys begin so, and when each was written."""
        return list(self._objects.listed(f"{PREFIX}/{prefix}"))

    def listed_of_long_keys(self, versions: Iterable[Version]) -> list[tuple[str, float]]:
        """Return the same for those versions whose keys are too long for that place."""
        keys = [receipt_key(version) for version in versions]
        long = [key for key in keys if key.startswith(_LONG)]
        return [found for key in long for found in self._objects.listed(key)]

    def without(
        self,
        versions: Iterable[Version],
        prefix: str,
        *,
        listed: Iterable[tuple[str, float]] | None = None,
    ) -> set[Version]:
        """Return those versions that have no receipt; all their keys begin with `prefix`.

        `listed` is what the caller has listed of that prefix already.
        """
        wanted = {receipt_key(v): v for v in versions}
        there = {key for key, _ in (self.listed(prefix) if listed is None else listed)}
        long = [k for k in wanted if k.startswith(_LONG) and k not in there]
        there.update(k for k in long if self.find(wanted[k]) is not None)
        return {v for k, v in wanted.items() if k not in there}

    def forget(
        self, version: Version, *, older_than: float, status: str | None = None
    ) -> dict[str, Any] | None:
        """Delete the receipt of a version if it was written before `older_than` (seconds).

        With `status` only one of that status. Return the receipt that stands, if any.
        """
        key = receipt_key(version)
        receipt, etag = self._objects.find(key)
        if receipt is None or status not in (None, receipt["status"]):
            return receipt
        if from_iso(receipt["times"]["written_at"]) >= older_than:
            return receipt
        try:
            self._objects.delete(key, etag=etag)
        except (ObjectNotFound, PreconditionFailed):  # gone, or just written anew
            return self.find(version)
        return None

    def forget_all(
        self,
        versions: Iterable[Version],
        *,
        older_than: float = float("inf"),
        status: str | None = None,
        before_each: Callable[[], object] = lambda: None,
    ) -> set[Version]:
        """Delete receipts as `forget` does, several at a time; return those without one now."""
        gone: set[Version] = set()

        def forget(version: Version) -> None:
            if self.forget(version, older_than=older_than, status=status) is None:
                gone.add(version)

        for_each(forget, versions, before_each=before_each)
        return gone


class WaitingNotes:
    """The waiting notes of one bucket."""

    def __init__(self, objects: JsonStore) -> None:
        self._objects = objects

    def find(self, version: Version) -> dict[str, Any] | None:
        """Return the note about this drop version, or None where it was not seen waiting."""
        return self._objects.find(waiting_note_key(version))[0]

    def write(self, version: Version, note: dict[str, Any]) -> None:
        """Store what a person may want to know while the drop waits."""
        self._objects.put(waiting_note_key(version), note)
