"""From pending drops to complete uploads: what goes into the next create or update."""

from collections.abc import Generator, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from audience_uploader.batch import Batch, SentDrop
from audience_uploader.deadline import Deadline
from audience_uploader.drops import Drop, DropChanged, Drops
from audience_uploader.errors import DropRefused, OutOfTime
from audience_uploader.receipt import row_warnings, rows_json
from audience_uploader.rows import ROW_BYTES, DistinctIds, RowCounts, rehearsal_needed, scrub
from audience_uploader.uploads import Send, Uploads

LARGEST_DROP = 5_000_000_000  # scrubbed bytes
_TIMES_LARGEST = 4  # an object so many times larger is refused unread, as a gzip's content is
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


class Reader:
    """Reads drops as scrubbed rows, in the time that is left."""

    def __init__(self, drops: Drops, *, deadline: Deadline, largest_drop: int) -> None:
        self._drops = drops
        self._deadline = deadline
        self._largest = largest_drop

    @property
    def out_of_time(self) -> bool:
        """True when no new drop may be begun."""
        return self._deadline.passed

    def examine(self, drop: Drop, counts: RowCounts) -> int:
        """Reads the whole drop and sends nothing; its scrubbed size in bytes.

        Raises DropRefused, DropChanged, OutOfTime or Unavailable.
        """
        size = self._measure(drop, counts)
        if not counts.valid:
            raise DropRefused("no_valid_rows", _no_valid_rows(counts))
        return size

    def open(self, drop: Drop, counts: RowCounts) -> tuple[int, Iterator[bytes]]:
        """An upper bound of the scrubbed size, and the scrubbed blocks that fill `counts`.

        What can turn out bad half-way is read twice: once to know, once to send.
        """
        blocks = self._blocks(drop)
        head = next(blocks, b"")
        if rehearsal_needed(head, drop.size, limit=self._largest):
            blocks.close()
            size = self._measure(drop, RowCounts())
            return size, self._rows(drop, self._blocks(drop), counts)
        return drop.size + ROW_BYTES, self._rows(drop, chain([head], blocks), counts)

    def _measure(self, drop: Drop, counts: RowCounts) -> int:
        return sum(len(block) for block in self._rows(drop, self._blocks(drop), counts))

    def _rows(self, drop: Drop, blocks: Iterator[bytes], counts: RowCounts) -> Iterator[bytes]:
        return scrub(blocks, drop.key.calculate_type, counts, limit=self._largest)

    def _blocks(self, drop: Drop) -> Generator[bytes, None, None]:
        if drop.size > _TIMES_LARGEST * self._largest:
            raise DropRefused("too_big", _too_big(drop.size, self._largest))
        self._deadline.for_work()
        for block in self._drops.blocks(drop):
            yield block
            self._deadline.for_work()


class Preparation:
    """Scrubs and uploads drops until all are done, the call is full, or time is up."""

    def __init__(self, reader: Reader, *, send: Send, directory: Path) -> None:
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
        with Uploads(self._send, self._directory, done=start.uploads) as uploads:
            for drop in new:
                if self._reader.out_of_time or not self._take(drop, uploads, prepared, new):
                    prepared.left_over = True
                    break
            self._finish(uploads, prepared, new)
        prepared.batch.distinct = max(start.distinct, self._distinct.count)
        return prepared

    def _finish(self, uploads: Uploads, prepared: Prepared, new: Sequence[Drop]) -> None:
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

    def _take(self, drop: Drop, uploads: Uploads, prepared: Prepared, new: Sequence[Drop]) -> bool:
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

    def _add(self, drop: Drop, uploads: Uploads, counts: RowCounts) -> SentDrop | None:
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

    def _copy(self, rows: Iterator[bytes], uploads: Uploads, counts: RowCounts) -> None:
        distinct = deepcopy(self._distinct)
        for block in rows:
            uploads.write(block)
            distinct.add(block)
        if not counts.valid:
            raise DropRefused("no_valid_rows", _no_valid_rows(counts))
        self._distinct = distinct


def _too_big(size: int, limit: int) -> str:
    return (
        f"The drop has {size:,} bytes, and a drop may hold {limit:,} bytes of identifiers: split "
        "it into several files and drop those."
    )


def _no_valid_rows(counts: RowCounts) -> str:
    found = ", ".join(f"{reason} {r.count}" for reason, r in counts.rejected.items())
    return (
        f"None of the {counts.read} rows is a SHA-256 hash of an identifier ({found or 'empty'}); "
        "hash each identifier, one a line as 64 hex digits, and drop the file again."
    )
