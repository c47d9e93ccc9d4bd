"""The one call that changes an audience, and the memory that survives its every ending."""

from dataclasses import dataclass
from pathlib import Path

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.find_audience import check_type, look_up
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import APPEND, CREATE, Accepted, Batch
from audience_uploader.domain.outcomes import OutOfTime, Unavailable
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import AudienceBusy, AudienceUnknown, ServerFault, TikTokError
from audience_uploader.tiktok.models import Audience, Change


class CreateUnanswered(Exception):
    """A create was sent, its answer was lost, and the list does not show the audience (yet)."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a delivery works with."""

    client: TikTokClient
    reader: DropReader
    books: ReceiptWriter
    deadline: Deadline
    clock: Clock
    directory: Path
    create_unseen_seconds: float


class Submission:
    """Creates or appends for one audience; the record is stored before and after each call.

    Raises DeadLetter, TikTokError, CreateUnanswered, OutOfTime, Unavailable or LeaseTaken.
    """

    def __init__(self, held: HeldLease, name: str, calculate_type: str, tools: Tools) -> None:
        self._held = held
        self._name = name
        self._type = calculate_type
        self._tools = tools

    @property
    def _record(self) -> AudienceState:
        return self._held.record

    def finish_what_was_begun(self) -> None:
        """Settles a create without an answer, and writes receipts that an earlier look owes."""
        if self._record.create:
            self._find_created(self._record.create)
        if self._record.accepted:
            self._write_receipts(self._record.accepted)

    def checked(self, audience: Audience) -> Audience:
        """The audience; raises unless it takes edits and holds these ids."""
        check_type(audience, self._type)
        if not audience.is_valid:
            raise AudienceBusy("the audience is not usable yet")
        return audience

    def submit(self, audience: Audience | None, batch: Batch) -> None:
        """Has TikTok take the batch, into this audience or into a new one of the name."""
        if audience is None:
            self._create(batch)
            return
        try:
            self._append(audience, batch)
        except AudienceUnknown:
            self._record.audience_id = None
            found = look_up(self._tools.client, self._name)
            if found:
                self._append(self.checked(found), batch)
            else:
                self._create(batch)

    def _append(self, audience: Audience, batch: Batch) -> None:
        paths = [u.file_path for u in batch.uploads]
        changed_before = self._record.changed_at
        # Written first: TikTok may be at work on it for 48 h from now, though nobody hears of it.
        self._record.kept, self._record.changed_at = batch, self._tools.clock()
        self._held.save()
        try:
            change = self._tools.client.append(audience.audience_id, file_paths=paths)
        except (TikTokError, OutOfTime) as error:
            if isinstance(error, OutOfTime) or not error.may_have_acted:
                self._record.changed_at = changed_before
            raise
        self._accept(APPEND, batch, change)

    def _create(self, batch: Batch) -> None:
        batch.at = self._tools.clock()
        self._record.create, self._record.kept = batch, None
        self._save_before_create()
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

    def _save_before_create(self) -> None:
        try:
            self._held.save()
        except Unavailable:
            self._record.create = None  # never sent, so nothing to look for
            raise

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
