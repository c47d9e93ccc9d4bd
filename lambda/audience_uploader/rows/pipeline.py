"""A drop's blocks in, its valid identifiers out: one lower-case hash a line, and nothing else."""

from collections.abc import Iterable, Iterator

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.binary import why_not_rows
from audience_uploader.rows.block_reader import rows_of
from audience_uploader.rows.chunks import CHUNK_BYTES, sample_of, whole_lines
from audience_uploader.rows.clean_rows import ROW_BYTES, split_sample
from audience_uploader.rows.decoding import decoded, opened
from audience_uploader.rows.layout import Layout, layout_of
from audience_uploader.rows.tally import DistinctTally

__all__ = ["LIMIT_BYTES", "ROW_BYTES", "RowCounts", "scrub"]

LIMIT_BYTES = 5_000_000_000
_UNPACKED_TO_LIMIT = 4  # a gzip may unpack to so many times the limit: room for other columns


def scrub(
    blocks: Iterable[bytes],
    calculate_type: str,
    counts: RowCounts,
    *,
    limit: int = LIMIT_BYTES,
    chunk_bytes: int = CHUNK_BYTES,
) -> Iterator[bytes]:
    r"""Yield blocks of whole lines, each exactly 64 lower-case hex digits and b"\n".

    Every valid identifier leaves once and in order; `counts` is filled as it goes. What comes out,
    and what is counted, depends on the content alone, not on where `blocks` are cut: they are cut
    anew, at `chunk_bytes`, the first of which decide the layout. Memory is flat.
    Raises DropRefused: `unsupported_content`, `ambiguous_columns` (both before the first block),
    `damaged_gzip`, and `too_big` over `limit` bytes of rows or four times that out of a gzip.
    A drop without any valid row is not an error here.
    """
    most = limit * _UNPACKED_TO_LIMIT
    first, chunks = opened(decoded(blocks, most=most, chunk_bytes=chunk_bytes))
    sample, clean = split_sample(sample_of(first, chunk_bytes=chunk_bytes))
    layout = (
        Layout() if clean and sample == clean[: len(sample)] else _layout(sample, calculate_type)
    )
    counts.other_type, counts.columns = layout.other_type, layout.names
    yield from tallied(_rows(whole_lines(chunks), layout, counts, clean), counts, limit=limit)


def tallied(blocks: Iterable[bytes], counts: RowCounts, *, limit: int) -> Iterator[bytes]:
    """Yield the blocks of rows that aren't empty, and count the distinct ones at their end.

    Raises DropRefused `too_big` once `counts` show more than `limit` bytes of rows.
    """
    distinct = DistinctTally()
    for rows in blocks:
        if counts.valid * ROW_BYTES > limit:
            raise DropRefused(
                "too_big",
                f"The drop holds more than {limit:,} bytes of identifiers: split it into several "
                "files and drop those.",
            )
        if rows:
            distinct.add(rows)
            yield rows
    counts.distinct, counts.distinct_is_estimate = distinct.count, distinct.is_estimate


def _layout(sample: bytes, calculate_type: str) -> Layout:
    if advice := why_not_rows(sample):
        raise DropRefused("unsupported_content", advice)
    return layout_of(sample, calculate_type)


def _rows(
    texts: Iterable[bytes], layout: Layout, counts: RowCounts, clean: bytes
) -> Iterator[bytes]:
    left = b""
    for text in texts:
        block = left + text if left else text
        rows, left = rows_of(block, layout, counts, complete=False, clean=clean)
        yield rows
    if left:
        yield rows_of(left, layout, counts, complete=True)[0]
