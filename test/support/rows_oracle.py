"""One drop read twice: as the product reads it, and line by line."""

from collections.abc import Iterable, Sequence

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import RowCounts, scrub
from audience_uploader.rows.binary import why_not_rows
from audience_uploader.rows.chunks import sample_of
from audience_uploader.rows.decoding import decoded, opened
from audience_uploader.rows.layout import Layout, layout_of
from audience_uploader.rows.line_reader import read_line_by_line
from audience_uploader.rows.tally import DistinctTally

Result = tuple[bytes, RowCounts] | str  # what left and the counts, or the reason of a refusal

KIND = "EMAIL_SHA256"
CHUNK_SIZES = (16, 65, 200, 1000, 256 * 1024)
_PLENTY = 10**9


def read_in_blocks(blocks: Iterable[bytes], chunk_bytes: int) -> Result:
    """Return what the product makes of a drop."""
    counts = RowCounts()
    try:
        return b"".join(scrub(blocks, KIND, counts, chunk_bytes=chunk_bytes)), counts
    except DropRefused as refused:
        return refused.reason


def lines_and_layout(content: bytes, chunk_bytes: int) -> tuple[list[bytes], Layout]:
    """Return a drop's lines, all of them at once, and how to read them; raises DropRefused."""
    first, chunks = opened(decoded([content], most=_PLENTY, chunk_bytes=chunk_bytes))
    sample = sample_of(first, chunk_bytes=chunk_bytes)
    if advice := why_not_rows(sample):
        raise DropRefused("unsupported_content", advice)
    layout = layout_of(sample, KIND)
    return b"".join(chunks).splitlines(), layout


def read_by_lines(content: bytes, chunk_bytes: int) -> Result:
    """Return what the plain definition makes of a drop, with the whole of it in memory."""
    counts = RowCounts()
    try:
        lines, layout = lines_and_layout(content, chunk_bytes)
        rows = read_line_by_line(lines, layout, counts)
    except DropRefused as refused:
        return refused.reason
    tally = DistinctTally()
    tally.add(rows)
    counts.distinct = tally.count
    counts.other_type, counts.columns = layout.other_type, layout.names
    return rows, counts


def cut(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    """Return the content in blocks of these sizes, taken in turn."""
    blocks: list[bytes] = []
    start = 0
    while start < len(content):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(content[start : start + size])
        start += size
    return blocks
