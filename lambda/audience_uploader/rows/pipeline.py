"""A drop's blocks in, its valid identifiers out: one lower-case hash a line, and nothing else."""

from collections.abc import Iterable, Iterator

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.block_reader import rows_of
from audience_uploader.rows.chunks import CHUNK_BYTES, sample_of, whole_lines
from audience_uploader.rows.decoding import decoded, opened
from audience_uploader.rows.layout import layout_of
from audience_uploader.rows.runs import ROW_BYTES

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

    Every valid line leaves once and in order; `counts` is filled as it goes. What comes out, and
    what is counted, depends on the content alone, not on where `blocks` are cut: they are cut
    anew, at `chunk_bytes`, the first of which decide the layout. Memory is flat.
    Raises DropRefused: `unsupported_content`, `ambiguous_columns` (both before the first block),
    `damaged_gzip`, and `too_big` over `limit` bytes of rows or four times that out of a gzip.
    A drop without any valid line is not an error here.
    """
    most = limit * _UNPACKED_TO_LIMIT
    first, chunks = opened(decoded(blocks, most=most, chunk_bytes=chunk_bytes))
    layout = layout_of(sample_of(first, chunk_bytes=chunk_bytes), calculate_type)
    counts.other_type = layout.other_type
    for text in whole_lines(chunks):
        rows = rows_of(text, layout, counts)
        if counts.valid * ROW_BYTES > limit:
            raise DropRefused(
                "too_big",
                f"The drop holds more than {limit:,} bytes of identifiers: split it into several "
                "files and drop those.",
            )
        if rows:
            yield rows
