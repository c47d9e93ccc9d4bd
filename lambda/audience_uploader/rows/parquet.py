"""A Parquet file on disk in, the valid identifiers of its column out: as pipeline.py for text."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.block_reader import rows_of
from audience_uploader.rows.chunks import regrouped, whole_lines
from audience_uploader.rows.clean_rows import is_clean
from audience_uploader.rows.parquet_engine import ParquetEngine
from audience_uploader.rows.parquet_plan import Plan, plan_of
from audience_uploader.rows.parquet_refusals import (
    CUT_SHORT,
    DAMAGED,
    ENCRYPTED,
    LARGE_FOOTER,
    PagesTooLarge,
)
from audience_uploader.rows.pipeline import LIMIT_BYTES, tallied

__all__ = ["is_parquet", "measure_parquet", "scrub_parquet"]

_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_SHORTEST = 12  # bytes: both marks and the footer's length
_LENGTH_BYTES = 4
# Ten times as much memory goes into a footer; 100 bytes describe a column of a row group.
_LARGEST_FOOTER = 8_000_000


@dataclass(frozen=True, slots=True)
class _Memory:
    """The most megabytes to look into a file, and to write out its lines, which takes more.

    Looking holds a page twice, packed and unpacked; writing the page before it as well. So a file
    that was looked into can be written out.
    """

    looking: int
    writing: int


# Pages are usually of 1 MB. Of 100 MB, as DuckDB writes them in row groups of millions, three take
# 400 MB: that is bounded, and a fourth of what the function has.
_MEMORY = (_Memory(64, 100), _Memory(300, 600))


def is_parquet(head: bytes) -> bool:
    """Tell whether content that begins so is Parquet, encrypted or not; four bytes are enough."""
    return head.startswith((_MAGIC, _ENCRYPTED))


def measure_parquet(path: Path, calculate_type: str) -> int:
    """Return how many bytes of rows the file can give at most, from its footer and first rows.

    Raises DropRefused as scrub_parquet does, but for what shows only later in the file.
    """
    with path.open("rb") as file:
        return _looked_into(file, calculate_type, whole=False)[0].at_most


def scrub_parquet(
    path: Path, calculate_type: str, counts: RowCounts, *, limit: int = LIMIT_BYTES
) -> Iterator[bytes]:
    r"""Yield blocks of whole lines, each exactly 64 lower-case hex digits and b"\n".

    Every valid identifier leaves once and in order; `counts` is filled as it goes, as for a CSV
    without a header: row 1 is the file's first. Memory is flat, and nothing is written to disk.
    Raises DropRefused, always before the first block: `damaged_parquet`, `unsupported_content`,
    `ambiguous_columns`, `no_valid_rows` where no column can hold identifiers, and `too_big` over
    `limit` bytes of rows. A file without any row is not an error here.
    """
    with path.open("rb") as file:
        plan, memory = _looked_into(file, calculate_type, whole=True)
        if not plan.cells:
            return
        if plan.at_most > limit:
            beside = RowCounts()
            for _ in tallied(_scrubbed(file, plan, beside, memory), beside, limit=limit):
                pass  # only to know that it isn't too big
        counts.columns, counts.other_type = plan.layout.names, plan.layout.other_type
        yield from tallied(_scrubbed(file, plan, counts, memory), counts, limit=limit)


def _looked_into(file: BinaryIO, calculate_type: str, *, whole: bool) -> tuple[Plan, int]:
    """Return how to read the file and the memory for it; `whole` reads all its pages first."""
    _check_ends(file)
    for memory in _MEMORY:
        try:
            with ParquetEngine(file, memory=memory.looking) as engine:
                plan = plan_of(engine, calculate_type)
                if whole and plan.cells:
                    engine.read_through(plan.columns)
                return plan, memory.writing
        except PagesTooLarge as error:
            refusal = error
    raise refusal


def _scrubbed(file: BinaryIO, plan: Plan, counts: RowCounts, memory: int) -> Iterator[bytes]:
    with ParquetEngine(file, memory=memory) as engine:
        for text in whole_lines(regrouped(engine.lines(plan.cells))):
            lower = text.lower()  # binary comes as upper-case hex, and so do many texts
            clean = lower if plan.layout.width == 1 and is_clean(lower) else b""
            yield rows_of(clean or text, plan.layout, counts, complete=True, clean=clean)[0]


def _check_ends(file: BinaryIO) -> None:
    """Raise DropRefused unless the file begins and ends as Parquet does."""
    file.seek(0)
    head = file.read(len(_MAGIC))
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(_MAGIC)))
    tail = file.read()
    if _ENCRYPTED in (head, tail):
        raise DropRefused("unsupported_content", ENCRYPTED)
    if head != _MAGIC:
        raise DropRefused("damaged_parquet", DAMAGED)
    if tail != _MAGIC or size < _SHORTEST:
        raise DropRefused("damaged_parquet", CUT_SHORT)
    file.seek(-len(_MAGIC) - _LENGTH_BYTES, os.SEEK_END)
    footer = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    if _LARGEST_FOOTER < footer < size:
        raise DropRefused("too_big", LARGE_FOOTER)
