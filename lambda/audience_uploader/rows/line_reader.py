"""Line by line: the plain definition of what leaves and what stays, and the slow way to read."""

from collections.abc import Sequence

from audience_uploader.domain.row_counts import BLANK, MISSING_COLUMN, WRONG_LENGTH, RowCounts
from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.csv_cells import cells_of
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.validation import bare, fault_of


def judged(line: bytes, layout: Layout) -> tuple[bytes, str]:
    """Return a line's identifier in lower case, or b"" and the reason why it isn't sent."""
    if not line:
        return b"", BLANK
    if len(line) > LONGEST_LINE_BYTES:
        return b"", WRONG_LENGTH
    cells = cells_of(line, layout.delimiter)
    if len(cells) <= layout.column:
        return b"", MISSING_COLUMN if bare(line) else BLANK
    text = bare(cells[layout.column])
    fault = fault_of(text)
    return (b"", fault) if fault else (text.lower(), "")


def read_line_by_line(lines: Sequence[bytes], layout: Layout, counts: RowCounts) -> bytes:
    """Return the valid identifiers of the lines that follow those already counted, as rows."""
    rows = []
    for line in lines:
        counts.read += 1
        if counts.read == layout.header_line:
            counts.header = 1
            continue
        identifier, fault = judged(line, layout)
        if fault:
            counts.reject(fault, lines=[counts.read])
        else:
            counts.valid += 1
            rows.append(identifier + b"\n")
    return b"".join(rows)
