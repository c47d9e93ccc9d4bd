"""Read drops as scrubbed rows, in the time that is left."""

from collections.abc import Generator, Iterator
from itertools import chain

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows import ROW_BYTES, rehearsal_needed, scrub

LARGEST_DROP = 5_000_000_000  # scrubbed bytes
_TIMES_LARGEST = 4  # an object so many times larger is refused unread, as a gzip's content is


class DropReader:
    """Reads drops as scrubbed rows, in the time that is left."""

    def __init__(self, drops: DropStore, *, deadline: Deadline, largest_drop: int) -> None:
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
            raise DropRefused("no_valid_rows", no_valid_rows(counts))
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


def _too_big(size: int, limit: int) -> str:
    return (
        f"The drop has {size:,} bytes, and a drop may hold {limit:,} bytes of identifiers: split "
        "it into several files and drop those."
    )


def no_valid_rows(counts: RowCounts) -> str:
    """Say why a drop without a valid row is refused."""
    found = ", ".join(f"{reason} {r.count}" for reason, r in counts.rejected.items())
    return (
        f"None of the {counts.read} rows is a SHA-256 hash of an identifier ({found or 'empty'}); "
        "hash each identifier, one a line as 64 hex digits, and drop the file again."
    )
