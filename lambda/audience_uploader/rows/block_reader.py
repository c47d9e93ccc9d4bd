"""Whole blocks at once: what line_reader.py says of each record, by operations on many lines.

TODO fast paths.
"""

from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import read_lines
from audience_uploader.rows.other_forms import HASH_CHARACTERS

ROW_BYTES = HASH_CHARACTERS + 1


def rows_of(
    text: bytes, layout: Layout, counts: RowCounts, *, complete: bool
) -> tuple[bytes, bytes]:
    """Return the rows of a block of whole lines, and the text of a record that isn't complete.

    The lines follow those already counted; the result and the counts are those of
    read_line_by_line.
    """
    lines = text.splitlines(keepends=True)
    rows, read = read_lines(
        [line.rstrip(b"\r\n") for line in lines], layout, counts, complete=complete
    )
    return rows, b"".join(lines[read:])
