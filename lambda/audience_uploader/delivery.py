"""The story of one audience under its lease: from pending drops to receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audience_uploader.audiences import check_type, find, look_up
from audience_uploader.batch import APPEND, CREATE, Accepted, Batch, Upload
from audience_uploader.bookkeeping import Bookkeeping
from audience_uploader.deadline import Deadline
from audience_uploader.drops import Drop
from audience_uploader.errors import DeadLetter, DropRefused, OutOfTime
from audience_uploader.preparation import Preparation, Prepared, Reader
from audience_uploader.record import Record
from audience_uploader.state import HeldLease
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import (
    AudienceBusy,
    AudienceUnknown,
    FileRefused,
    ServerFault,
    TikTokError,
)
from audience_uploader.tiktok.models import Audience, Change
from audience_uploader.times import Clock
from audience_uploader.upload_file import FinishedFile

UPLOADS_LAST = 20 * 3600.0  # seconds; an uploaded file is taken to live for 24 h at TikTok
TOO_SLOW_AFTER = 3  # invocations that a drop had for itself


class CreateUnanswered(Exception):
    """A create was sent, its answer was lost, and the list does not show the audience (yet)."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a delivery works with."""

    client: TikTokClient
    reader: Reader
    books: Bookkeeping
    deadline: Deadline
    clock: Clock
    directory: Path
    create_unseen_seconds: float


class Delivery:
    """Brings one audience up to date; changes the held record as it goes.

    Raises DeadLetter, TikTokError, CreateUnanswered, OutOfTime, Unavailable or LeaseTaken.
    """

    def __init__(self, held: HeldLease, own: Drop, tools: Tools) -> None:
        self._held = held
        self._own = own
        self._tools = tools
        self._name = own.key.audience
        self._type = own.key.calculate_type

    @property
    def _record(self) -> Record:
        return self._held.record

    def run(self, *, alone: bool) -> bool:
        """Delivers what is pending, or only the own drop when `alone`; True if some is left over.

        Alone is how a drop that kills the function is told from those beside it.
        """
        self._finish_what_was_begun()
        pending = self._tools.books.pending(self._own.key)
        if alone:
            pending = [d for d in pending if d.version == self._own.version]
        if not pending:
            return False
        audience = self._ready_audience()
        try:
            return self._deliver(audience, pending)
        except FileRefused:
            self._record.kept = None  # uploads that TikTok has lost are made once more
            return self._deliver(audience, pending)

    def _finish_what_was_begun(self) -> None:
        if self._record.create:
            self._find_created(self._record.create)
        if self._record.accepted:
            self._write_receipts(self._record.accepted)

    def _find_created(self, batch: Batch) -> None:
        """A create without an answer: done once the list shows it, not done if it never does."""
        found = look_up(self._tools.client, self._name)
        if found:
            check_type(found, batch.calculate_type)
            self._accept(CREATE, batch, Change(found.audience_id, "", partial=False))
        elif self._tools.clock() < batch.at + self._tools.create_unseen_seconds:
            raise CreateUnanswered
        else:
            self._record.create = None
            self._held.save()

    def _ready_audience(self) -> Audience | None:
        """The audience, known to take edits and these ids; None when it is to be made."""
        found = find(self._tools.client, self._name, remembered=self._record.audience_id)
        self._record.audience_id = found.audience_id if found else None
        return self._checked(found) if found else None

    def _checked(self, audience: Audience) -> Audience:
        check_type(audience, self._type)
        if not audience.is_valid:
            raise AudienceBusy("the audience is not usable yet")
        return audience

    def _deliver(self, audience: Audience | None, pending: Sequence[Drop]) -> bool:
        prepared = self._prepare(pending, is_new=audience is None)
        self._book_refused(prepared)
        if prepared.batch.drops:
            self._submit(audience, prepared.batch)
        return prepared.left_over

    def _prepare(self, pending: Sequence[Drop], *, is_new: bool) -> Prepared:
        fresh = Batch(self._tools.clock(), self._type)
        start = fresh if is_new else self._kept(pending) or fresh
        preparation = Preparation(
            self._tools.reader, send=self._upload, directory=self._tools.directory
        )
        slow = self._record.slow
        first_the_slow = sorted(pending, key=lambda d: (_slow_key(d) not in slow, d.modified_at))
        return preparation.run(first_the_slow, start=start)

    def _kept(self, pending: Sequence[Drop]) -> Batch | None:
        """Uploads of an earlier look, while TikTok keeps them and their drops still wait."""
        kept = self._record.kept
        if kept is None or kept.calculate_type != self._type:
            return None
        fresh = self._tools.clock() < kept.at + UPLOADS_LAST
        wait = {d.version for d in pending} >= {d.version for d in kept.drops}
        return kept if fresh and wait else None

    def _upload(self, file: FinishedFile) -> Upload:
        answer = self._tools.client.upload(
            file.path,
            size=file.size,
            md5=file.md5,
            calculate_type=self._type,
            time_left=self._tools.deadline.for_work,
        )
        return Upload(answer.file_path, file.size, file.rows, answer.request_id)

    def _book_refused(self, prepared: Prepared) -> None:
        for drop, refusal, counts in prepared.refused:
            self._tools.books.reject(drop, refusal, counts)
        slow = prepared.too_short_for
        if slow:
            times = self._record.slow.get(_slow_key(slow), 0) + 1
            self._record.slow = {_slow_key(slow): times}
            if times >= TOO_SLOW_AFTER:
                self._tools.books.reject(slow, _too_slow(), None)
                self._record.slow = {}

    def _submit(self, audience: Audience | None, batch: Batch) -> None:
        if audience is None:
            self._create(batch)
            return
        try:
            self._append(audience, batch)
        except AudienceUnknown:
            self._record.audience_id = None
            found = look_up(self._tools.client, self._name)
            if found:
                self._append(self._checked(found), batch)
            else:
                self._create(batch)

    def _append(self, audience: Audience, batch: Batch) -> None:
        self._record.kept = batch
        paths = [u.file_path for u in batch.uploads]
        change = self._tools.client.append(audience.audience_id, file_paths=paths)
        self._accept(APPEND, batch, change)

    def _create(self, batch: Batch) -> None:
        batch.at = self._tools.clock()
        self._record.create, self._record.kept = batch, None
        self._held.save()
        try:
            change = self._tools.client.create(
                self._name,
                calculate_type=self._type,
                file_paths=[u.file_path for u in batch.uploads],
            )
        except ServerFault:
            self._find_created(batch)
        except (TikTokError, OutOfTime):
            self._record.create = None  # refused or never sent: it did not act
            raise
        else:
            self._accept(CREATE, batch, change)

    def _accept(self, action: str, batch: Batch, change: Change) -> None:
        now = self._tools.clock()
        accepted = Accepted(
            action, now, change.audience_id, change.request_id, change.partial, batch
        )
        self._record.audience_id, self._record.changed_at = change.audience_id, now
        self._record.create = self._record.kept = None
        self._record.accepted = accepted
        self._held.save()
        self._write_receipts(accepted)

    def _write_receipts(self, accepted: Accepted) -> None:
        self._tools.books.deliver(accepted, audience=self._name)
        self._record.accepted = None


def _slow_key(drop: Drop) -> str:
    return "#".join(drop.version)


def _too_slow() -> DeadLetter:
    return DropRefused(
        "too_slow",
        f"{TOO_SLOW_AFTER} invocations were too short for this drop; split it into smaller files.",
    )
