"""A Parquet file on disk in, the valid identifiers of its column out: as pipeline.py for text."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.block_reader import rows_of
from audience_uploader.rows.chunks import regrouped, whole_lines
from audience_uploader.rows.clean_rows import ROW_BYTES, is_clean
from audience_uploader.rows.file_signatures import PARQUET, PARQUET_ENCRYPTED
from audience_uploader.rows.parquet_engine import ParquetEngine
from audience_uploader.rows.parquet_lines import unquoted
from audience_uploader.rows.parquet_plan import Plan, plan_of
from audience_uploader.rows.parquet_refusals import CUT_SHORT, DAMAGED, ENCRYPTED, LARGE_FOOTER
from audience_uploader.rows.pipeline import LIMIT_BYTES, tallied

__all__ = ["plan_parquet", "scrub_parquet"]

_SHORTEST = 12  # bytes: both marks and the footer's length
_LENGTH_BYTES = 4
# Ten times as much memory goes into a footer; 100 bytes describe a column of a row group.
_LARGEST_FOOTER = 8_000_000


# Looking holds a page twice, packed and unpacked; writing it out the page before as well. So a file
# that was looked into can be written out. Pages are usually of 1 MB.
_TO_LOOK, _TO_WRITE = 90, 135  # megabytes of memory


def plan_parquet(path: Path, calculate_type: str) -> Plan:
    """Return how the file is read and how much it can give, from its footer and first rows.

    Raises DropRefused as scrub_parquet does, but for what shows only later in the file.
    """
    with path.open("rb") as file:
        return _looked_into(file, calculate_type)


def scrub_parquet(
    path: Path,
    calculate_type: str,
    counts: RowCounts,
    *,
    plan: Plan | None = None,
    limit: int = LIMIT_BYTES,
    tentative: bool = False,
) -> Iterator[bytes]:
    r"""Yield blocks of whole lines, each exactly 64 lower-case hex digits and b"\n".

    Every valid identifier leaves once and in order; `counts` is filled as it goes, as for a CSV
    without a header: row 1 is the file's first. Memory is flat, and nothing is written to disk.
    Raises DropRefused, always before the first block: `damaged_parquet`, `unsupported_content`,
    `ambiguous_columns`, `no_valid_rows` where no column can hold identifiers, and `too_big` over
    `limit` bytes of rows or of pages that do not fit into memory. A file without any row is not an
    error here. `tentative` reads it once: what shows late is then raised after some blocks. `plan`
    is that of the file, where it was made before.
    """
    with path.open("rb") as file:
        plan = plan or _looked_into(file, calculate_type)
        if not plan.cells:
            return
        if not tentative:
            _read_through(file, plan)
        if plan.at_most > limit and not tentative:
            beside = RowCounts()
            for _ in tallied(_scrubbed(file, plan, beside), beside, limit=limit):
                pass  # only to know that it isn't too big
        counts.columns, counts.other_type = plan.layout.names, plan.layout.other_type
        yield from tallied(_scrubbed(file, plan, counts), counts, limit=limit)


def _looked_into(file: BinaryIO, calculate_type: str) -> Plan:
    _check_ends(file)
    with ParquetEngine(file, memory=_TO_LOOK) as engine:
        return plan_of(engine, calculate_type)


def _read_through(file: BinaryIO, plan: Plan) -> None:
    """Raise DropRefused unless all pages that are needed can be read."""
    with ParquetEngine(file, memory=_TO_LOOK) as engine:
        engine.read_through(plan.columns)


def _scrubbed(file: BinaryIO, plan: Plan, counts: RowCounts) -> Iterator[bytes]:
    with ParquetEngine(file, memory=_TO_WRITE) as engine:
        for text in whole_lines(regrouped(unquoted(engine.lines(plan.cells)))):
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
