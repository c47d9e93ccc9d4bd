"""Read drops as scrubbed rows, in the time that is left."""

import sys
from collections.abc import Generator, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.read_ahead import ReadAhead, Submit
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import NO_ROWS, DropRefused, Skipped
from audience_uploader.domain.row_counts import WRONG_CELL_COUNT, RowCounts
from audience_uploader.rows import LIMIT_BYTES, ROW_BYTES, rehearsal_needed, scrub
from audience_uploader.rows.file_signatures import is_parquet

if TYPE_CHECKING:
    from audience_uploader.delivery.parquet_drops import ParquetDrops

_TIMES_LARGEST = 4  # an object so many times larger is refused unread, as a gzip's content is
_UNPACKED_GUESS = 2  # hashes hold four bits a byte


class DropReader:
    """Reads drops of at most `largest` scrubbed bytes; `submit` runs a read in the background.

    Without `parquet` a Parquet drop is refused, as other content that is no rows of text.
    """

    def __init__(
        self,
        drops: DropStore,
        *,
        deadline: Deadline,
        submit: Submit | None = None,
        parquet: "ParquetDrops | None" = None,
        largest: int = LIMIT_BYTES,
    ) -> None:
        self._parquet = parquet
        self._deadline = deadline
        self._fetched = ReadAhead(drops, submit)
        self._largest = largest

    @property
    def out_of_time(self) -> bool:
        """Tell whether no new drop may be begun."""
        return self._deadline.passed

    @property
    def held_back(self) -> int:
        """Bytes of rows for which there is disk until their drop is read to its end.

        With Parquet it is the largest that there is (stacks/function.py).
        """
        return self._largest if self._parquet else 0

    def in_turn(self, drops: Sequence[Drop]) -> Iterator[Drop]:
        """Return the drops in order, while small ones that come next are read ahead."""
        return self._fetched.in_turn(drops)

    def examine(self, drop: Drop, counts: RowCounts) -> int:
        """Read the whole drop and send nothing; return its scrubbed size in bytes.

        Raises DropRefused, Skipped, DropChanged, Unreadable, OutOfTime or Unavailable.
        """
        _, rows, _ = self.open(drop, counts, held_back=sys.maxsize)
        size = sum(len(block) for block in rows)
        check_rows(counts)
        return size

    def open(
        self, drop: Drop, counts: RowCounts, *, held_back: int
    ) -> tuple[int, Iterator[bytes], bool]:
        """Return an upper bound of the scrubbed size, the blocks that fill `counts`, and a doubt.

        What can turn out bad half-way is read twice, once to know and once to send. One that may
        fit into `held_back` bytes is read once, and the doubt is True: the bound may be a guess
        then, and nothing of it may be sent before its end.
        """
        blocks = self._blocks(drop)
        head = next(blocks, b"")
        if self._parquet and is_parquet(head):
            whole, in_time = chain([head], blocks), self._deadline.for_work
            return self._parquet.open(drop, whole, counts, check_time=in_time, held_back=held_back)
        unsure = rehearsal_needed(head, drop.size, limit=self._largest)
        if unsure and _UNPACKED_GUESS * drop.size >= held_back:
            blocks.close()
            size = self._measure(drop)
            return size, self._rows(drop, self._blocks(drop), counts), False
        at_most = drop.size * (_UNPACKED_GUESS if unsure else 1) + ROW_BYTES
        return at_most, self._rows(drop, chain([head], blocks), counts), unsure

    def _measure(self, drop: Drop) -> int:
        counts = RowCounts()
        return sum(len(block) for block in self._rows(drop, self._blocks(drop), counts))

    def _rows(self, drop: Drop, blocks: Iterator[bytes], counts: RowCounts) -> Iterator[bytes]:
        return scrub(blocks, drop.key.calculate_type, counts, limit=self._largest)

    def _blocks(self, drop: Drop) -> Generator[bytes, None, None]:
        if drop.size > _TIMES_LARGEST * self._largest:
            raise DropRefused("too_big", _too_big(drop.size, self._largest))
        self._deadline.for_work()
        for block in self._fetched.blocks(drop):
            yield block
            self._deadline.for_work()


def check_rows(counts: RowCounts) -> None:
    """Raise Skipped for a drop that held no row at all, DropRefused for one with no valid row."""
    if counts.valid:
        return
    if counts.holds_no_row:
        raise Skipped(NO_ROWS)
    found = ", ".join(f"{reason} {r.count}" for reason, r in counts.rejected.items())
    raise DropRefused(
        "no_valid_rows",
        f"None of the {counts.read} rows is a SHA-256 hash of an identifier ({found or 'empty'}); "
        "hash each identifier, one a line as 64 hex digits, and drop the file again."
        + _about_columns(counts),
    )


def _about_columns(counts: RowCounts) -> str:
    named = [name for name in counts.columns if name]
    columns = (
        f" The file's columns are: {', '.join(named[:20])}. Name the one that is meant after the "
        "format (for example email_sha256)."
    )
    quote = " Rows with more or fewer cells than the header are not read: quote cells with commas."
    return columns * (len(counts.columns) > 1) + quote * (WRONG_CELL_COUNT in counts.rejected)


def _too_big(size: int, limit: int) -> str:
    return (
        f"The drop has {size:,} bytes, and a drop may hold {limit:,} bytes of identifiers: split "
        "it into several files and drop those."
    )
