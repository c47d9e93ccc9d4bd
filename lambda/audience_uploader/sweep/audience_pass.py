"""Visit one audience after the other: its drops, its receipts, its status object, the page."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audience_uploader.adapters.json_store import DamagedObject, JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import PREFIX, ReceiptStore
from audience_uploader.domain.advice import ROOT
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.times import Clock
from audience_uploader.sweep.audience_report import learnt
from audience_uploader.sweep.missed_drops import (
    confirmations,
    is_to_be_swept,
    left_unfinished,
    missed,
)
from audience_uploader.sweep.page import PAGE_KEY, render
from audience_uploader.sweep.recent_files import RecentFile
from audience_uploader.sweep.recent_receipts import RecentReceipts
from audience_uploader.sweep.status import build_status, status_key, worth_writing
from audience_uploader.tiktok.models import Audience


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a sweep reads and writes of the bucket."""

    objects: JsonStore
    drops: DropStore
    receipts: ReceiptStore


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of an audience before its visit; `audience` is None where not asked."""

    name: str
    state: AudienceState | None
    audience: Audience | None
    leased: bool
    asked: bool


class AudiencePass:
    """One pass over the audiences of a bucket."""

    def __init__(self, bucket: Bucket, clock: Clock, rhythm: Rhythm) -> None:
        self._bucket = bucket
        self._clock = clock
        self._rhythm = rhythm
        self._recent = RecentReceipts(bucket.objects)
        self._statuses: dict[str, dict[str, Any]] = {}

    def begin(self) -> None:
        """Read what the last pass kept."""
        self._recent.load()

    def names(self, known: Collection[str], *, after: str) -> Iterator[str]:
        """Yield what to visit, in order: audiences, and keys of objects right below `tiktok/`."""
        folders, strays = self._bucket.drops.audiences()
        every = {*folders, *strays, *known}
        return iter(sorted(name for name in every if not after or name > after))

    def visit(self, visit: Visit) -> dict[str, Drop]:
        """Bring an audience's status up to date; return the drops to send a message for."""
        if visit.name.startswith(f"{ROOT}/"):
            return self._stray(visit.name)
        objects = list(self._bucket.drops.under(visit.name))
        drops = [
            drop
            for drop in objects
            if (drop.size or drop.key.set_name) and is_to_be_swept(drop.key.key)
        ]
        folder = f"{ROOT}/{visit.name}/"
        open_versions, files = self._receipts_of(drops, folder)
        pending = [d for d in drops if d.version in open_versions and d.key.audience]
        confirmed: list[Drop] = []
        if visit.name:
            status = self._report(visit, pending, files)
            confirmed = confirmations(objects, status["rejected"])
        extra = [*confirmed, *left_unfinished(drops, visit.state, leased=visit.leased)]
        return missed(
            [*drops, *extra],
            {*open_versions, *(drop.version for drop in extra)},
            visit.state,
            leased=visit.leased,
            now=self._clock(),
            rhythm=self._rhythm,
        )

    def write_page(self) -> None:
        """Store the page, and the receipts in short that it shows."""
        for key in self._bucket.objects.keys("status/"):
            if key.endswith(".json") and key not in self._statuses:
                self._statuses[key] = self._found(key) or {}
        statuses = [s for s in self._statuses.values() if s]
        page = render(statuses, self._recent.files, now=self._clock())
        self._bucket.objects.put_text(PAGE_KEY, page, content_type="text/html; charset=utf-8")
        self._recent.save()

    def _stray(self, key: str) -> dict[str, Drop]:
        drop = self._bucket.drops.stray(key)
        if drop is None or not drop.size or not is_to_be_swept(key):
            return {}
        open_versions, _ = self._receipts_of([drop], f"{key}/")
        return missed(
            [drop], open_versions, None, leased=False, now=self._clock(), rhythm=self._rhythm
        )

    def _receipts_of(
        self, drops: Sequence[Drop], folder: str
    ) -> tuple[set[tuple[str, str]], list[RecentFile]]:
        """Return which drops of a folder have no receipt, and the receipts that are new."""
        receipts = self._bucket.receipts
        versions = [drop.version for drop in drops]
        listed = [*receipts.listed(folder), *receipts.listed_of_long_keys(versions)]
        open_versions = receipts.without(versions, folder, listed=listed)
        return open_versions, self._recent.read_new(f"{PREFIX}/{folder}", listed)

    def _report(
        self, visit: Visit, open_drops: list[Drop], files: list[RecentFile]
    ) -> Mapping[str, Any]:
        """Bring the status object up to date; return it."""
        key, now = status_key(visit.name), self._clock()
        previous = self._found(key)
        told = learnt(
            visit.name,
            visit.state,
            visit.audience,
            open_drops,
            files,
            previous,
            no_credentials=not visit.asked,
        )
        status = build_status(previous, told, now=now)
        self._statuses[key] = dict(status)
        if worth_writing(previous, status, now=now):
            self._bucket.objects.put(key, dict(status))
        return status

    def _found(self, key: str) -> dict[str, Any] | None:
        try:
            return self._bucket.objects.find(key)[0]
        except DamagedObject:
            return None
