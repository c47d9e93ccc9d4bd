"""A Parquet file on disk in, the valid identifiers of its column out: as pipeline.py for text."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO
from weakref import finalize

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.block_reader import rows_of
from audience_uploader.rows.chunks import whole_lines
from audience_uploader.rows.clean_rows import ROW_BYTES, is_clean
from audience_uploader.rows.file_signatures import PARQUET, PARQUET_ENCRYPTED
from audience_uploader.rows.parquet_engine import ParquetEngine
from audience_uploader.rows.parquet_lines import unquoted
from audience_uploader.rows.parquet_plan import Plan, plan_of
from audience_uploader.rows.parquet_refusals import CUT_SHORT, DAMAGED, ENCRYPTED, LARGE_FOOTER
from audience_uploader.rows.pipeline import LIMIT_BYTES, tallied

__all__ = ["ParquetRows", "scrub_parquet"]

_SHORTEST = 12  # bytes: both marks and the footer's length
_LENGTH_BYTES = 4
# Ten times as much memory goes into a footer; 100 bytes describe a column of a row group.
_LARGEST_FOOTER = 8_000_000


# Looking holds a page twice, packed and unpacked; writing it out the page before as well. So a file
# that was looked through can be written out. Pages are usually of 1 MB.
_TO_LOOK, _TO_WRITE = 90, 135  # megabytes of memory
# After a page of more, an engine keeps memory that it does not count.
_SMALL_CHUNK = 16_000_000  # bytes


class ParquetRows:
    """The valid identifiers of one file, which stays open until `close`.

    Raises DropRefused: `damaged_parquet`, `unsupported_content`, `ambiguous_columns`,
    `no_valid_rows` where no column can hold identifiers, and `too_big` for a page that does not fit
    into memory.
    """

    def __init__(self, path: Path, calculate_type: str) -> None:
        with ExitStack() as opened:
            self._file = opened.enter_context(path.open("rb"))
            _check_ends(self._file)
            self._engine = opened.enter_context(ParquetEngine(self._file, memory=_TO_WRITE))
            self._plan = plan_of(self._engine, calculate_type)
            # To open an engine takes as long as some megabytes of rows.
            self._goes_on = self._engine.largest_chunk() <= _SMALL_CHUNK
            self.close = finalize(self, opened.pop_all().close)

    @property
    def at_most(self) -> int:
        """The most bytes of rows that the file can give, by its footer and first rows."""
        return self._plan.at_most

    def scrub(self, counts: RowCounts, *, limit: int, tentative: bool) -> Iterator[bytes]:
        """Yield blocks of rows once, and close; as scrub_parquet does."""
        plan = self._plan
        try:
            if not plan.cells:
                return
            if not tentative:
                self._check_whole(limit)
            counts.columns, counts.other_type = plan.layout.names, plan.layout.other_type
            goes_on = tentative and self._goes_on
            with self._engine if goes_on else self._another(_TO_WRITE) as engine:
                yield from tallied(_scrubbed(engine, plan, counts), counts, limit=limit)
        finally:
            self.close()

    def _check_whole(self, limit: int) -> None:
        """Raise DropRefused unless all pages can be read and their rows keep to the limit."""
        with self._another(_TO_LOOK) as engine:
            engine.read_through(self._plan.columns)
        if self._plan.at_most <= limit:
            return
        beside = RowCounts()
        with self._another(_TO_WRITE) as engine:
            for _ in tallied(_scrubbed(engine, self._plan, beside), beside, limit=limit):
                pass

    def _another(self, memory: int) -> ParquetEngine:
        """Return a new engine instead of the one before, since two would take twice the memory."""
        self._engine.close()
        self._engine = ParquetEngine(self._file, memory=memory)
        return self._engine


def scrub_parquet(
    path: Path,
    calculate_type: str,
    counts: RowCounts,
    *,
    limit: int = LIMIT_BYTES,
    tentative: bool = False,
) -> Iterator[bytes]:
    r"""Yield blocks of whole lines, each exactly 64 lower-case hex digits and b"\n".

    Every valid identifier leaves once and in order; `counts` is filled as it goes, as for a CSV
    without a header: row 1 is the file's first. Memory is flat, and nothing is written to disk.
    Raises DropRefused as ParquetRows does, and `too_big` over `limit` bytes of rows; always before
    the first block. A file without any row is not an error here. `tentative` reads it once: what
    shows late is then raised after some blocks.
    """
    rows = ParquetRows(path, calculate_type)
    yield from rows.scrub(counts, limit=limit, tentative=tentative)


def _scrubbed(engine: ParquetEngine, plan: Plan, counts: RowCounts) -> Iterator[bytes]:
    for text in whole_lines(unquoted(engine.lines(plan.cells))):
        clean = _clean(text) if plan.layout.width == 1 else b""
        yield rows_of(clean or text, plan.layout, counts, complete=True, clean=clean)[0]


def _clean(text: bytes) -> bytes:
    """Return the lines in lower case if each is a hash; else b""."""
    first = text[:ROW_BYTES]
    if first != first.lower():
        text = text.lower()  # binary comes as upper-case hex, and so do many texts
    return text if is_clean(text) else b""


def _check_ends(file: BinaryIO) -> None:
    """Raise DropRefused unless the file begins and ends as Parquet does."""
    file.seek(0)
    head = file.read(len(PARQUET))
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(PARQUET)))
    tail = file.read()
    if PARQUET_ENCRYPTED in (head, tail):
        raise DropRefused("unsupported_content", ENCRYPTED)
    if head != PARQUET:
        raise DropRefused("damaged_parquet", DAMAGED)
    if tail != PARQUET or size < _SHORTEST:
        raise DropRefused("damaged_parquet", CUT_SHORT)
    file.seek(-len(PARQUET) - _LENGTH_BYTES, os.SEEK_END)
    footer = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    if _LARGEST_FOOTER < footer < size:
        raise DropRefused("too_big", LARGE_FOOTER)
