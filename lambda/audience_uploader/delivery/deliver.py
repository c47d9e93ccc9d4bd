"""The story of one audience under its lease: from pending drops to receipts."""

from collections.abc import Sequence

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.find_audience import find
from audience_uploader.delivery.prepare import Preparation, Prepared
from audience_uploader.delivery.submit import Submission, Tools
from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import Batch, Upload
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter, DropRefused
from audience_uploader.tiktok.errors import FileRefused
from audience_uploader.tiktok.models import Audience

UPLOADS_LAST = 20 * 3600.0  # seconds; an uploaded file is taken to live for 24 h at TikTok
TOO_SLOW_AFTER = 3  # invocations that a drop had for itself


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
        self._submission = Submission(held, self._name, self._type, tools)

    @property
    def _record(self) -> AudienceState:
        return self._held.record

    def run(self, *, alone: bool) -> bool:
        """Delivers what is pending, or only the own drop when `alone`; True if some is left over.

        Alone is how a drop that kills the function is told from those beside it.
        """
        self._submission.finish_what_was_begun()
        pending = self._pending(alone=alone)
        if not pending:
            return False
        audience = self._ready_audience()
        try:
            return self._deliver(audience, pending)
        except FileRefused:
            self._record.kept = None  # uploads that TikTok has lost are made once more
            return self._deliver(audience, self._pending(alone=alone))

    def _pending(self, *, alone: bool) -> list[Drop]:
        pending = self._tools.books.pending(self._own.key)
        return [d for d in pending if not alone or d.version == self._own.version]

    def _ready_audience(self) -> Audience | None:
        """The audience, known to take edits and these ids; None when it is to be made."""
        found = find(self._tools.client, self._name, remembered=self._record.audience_id)
        self._record.audience_id = found.audience_id if found else None
        return self._submission.checked(found) if found else None

    def _deliver(self, audience: Audience | None, pending: Sequence[Drop]) -> bool:
        prepared = self._prepare(pending, is_new=audience is None)
        self._book_refused(prepared)
        if prepared.batch.drops:
            self._submission.submit(audience, prepared.batch)
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
            time_left=self._tools.deadline.for_uploads,
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


def _slow_key(drop: Drop) -> str:
    return "#".join(drop.version)


def _too_slow() -> DeadLetter:
    return DropRefused(
        "too_slow",
        f"{TOO_SLOW_AFTER} invocations were too short for this drop; split it into smaller files.",
    )
