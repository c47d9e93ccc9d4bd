"""From pending drops to complete uploads: what goes into the next create or update."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from audience_uploader.adapters.s3_drops import DropChanged
from audience_uploader.delivery.drop_reader import DropReader, no_valid_rows
from audience_uploader.delivery.upload_packer import Send, UploadPacker
from audience_uploader.domain.batch import Batch, SentDrop
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DropRefused, OutOfTime
from audience_uploader.domain.receipt import row_warnings, rows_json
from audience_uploader.rows import DistinctIds, RowCounts

MOST_DROPS = 2000  # in a call, so that their receipts can be written in the time kept for them


@dataclass(slots=True)
class Prepared:
    """A batch ready to be submitted; `left_over` when drops wait for the next look.

    `too_short_for` is the drop that this whole invocation was too short for.
    """

    batch: Batch
    refused: list[tuple[Drop, DropRefused, RowCounts]] = field(default_factory=list)
    left_over: bool = False
    too_short_for: Drop | None = None


class Preparation:
    """Scrubs and uploads drops until all are done, the call is full, or time is up."""

    def __init__(self, reader: DropReader, *, send: Send, directory: Path) -> None:
        self._reader = reader
        self._send = send
        self._directory = directory
        self._distinct = DistinctIds()

    def run(self, pending: Sequence[Drop], *, start: Batch) -> Prepared:
        """All pending drops as one batch, beside those that `start` already holds."""
        done = {d.version for d in start.drops}
        new = [d for d in pending if d.version not in done]
        new = new[: max(0, MOST_DROPS - len(start.drops))]
        prepared = Prepared(Batch(start.at, start.calculate_type, list(start.drops)))
        prepared.left_over = len(start.drops) + len(new) < len(pending)
        with UploadPacker(self._send, self._directory, done=start.uploads) as uploads:
            for drop in new:
                if self._reader.out_of_time or not self._take(drop, uploads, prepared, new):
                    prepared.left_over = True
                    break
            self._finish(uploads, prepared, new)
        prepared.batch.distinct = max(start.distinct, self._distinct.count)
        return prepared

    def _finish(self, uploads: UploadPacker, prepared: Prepared, new: Sequence[Drop]) -> None:
        """Waits for the last upload; without time for it, what was uploaded before still counts."""
        try:
            prepared.batch.uploads = uploads.close()
        except OutOfTime:
            prepared.batch.uploads = sent = uploads.sent()
            drops = prepared.batch.drops
            whole = [d for d in drops if all(number < len(sent) for number in d.uploads)]
            prepared.batch.drops, prepared.left_over = whole, True
            first = new[0] if new else None
            blamed = first and first.version not in {d.version for d in whole}
            prepared.too_short_for = first if blamed else None

    def _take(
        self, drop: Drop, uploads: UploadPacker, prepared: Prepared, new: Sequence[Drop]
    ) -> bool:
        counts = RowCounts()
        try:
            sent = self._add(drop, uploads, counts)
        except DropRefused as refusal:
            prepared.refused.append((drop, refusal, counts))
            return True
        except DropChanged:
            return True
        except OutOfTime:
            prepared.too_short_for = drop if drop is new[0] else None
            return False
        if sent:
            prepared.batch.drops.append(sent)
        return sent is not None

    def _add(self, drop: Drop, uploads: UploadPacker, counts: RowCounts) -> SentDrop | None:
        at_most, rows = self._reader.open(drop, counts)
        if not uploads.fits(at_most):
            return None
        uploads.begin(at_most=at_most)
        try:
            self._copy(rows, uploads, counts)
        except BaseException:
            uploads.abandon()
            raise
        return SentDrop(
            key=drop.key.key,
            etag=drop.etag,
            size=drop.size,
            dropped_at=drop.modified_at,
            rows=rows_json(counts),
            uploads=uploads.commit(),
            warnings=row_warnings(counts),
        )

    def _copy(self, rows: Iterator[bytes], uploads: UploadPacker, counts: RowCounts) -> None:
        distinct = deepcopy(self._distinct)
        for block in rows:
            uploads.write(block)
            distinct.add(block)
        if not counts.valid:
            raise DropRefused("no_valid_rows", no_valid_rows(counts))
        self._distinct = distinct
