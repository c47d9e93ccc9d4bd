"""Whole blocks at once: what line_reader.py says of each record, by operations on many lines.

A block of uniform lines never becomes a list of lines, nor do runs of clean ones between flawed
ones. A block without quotes, or with quotes around every cell, is split in bulk; any other is read
record by record.
"""

import re
from itertools import chain, zip_longest

from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.bulk_cells import rows_of_plain
from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.clean_rows import ROW_BYTES, is_clean, rows_by_their_ends
from audience_uploader.rows.close_reader import read_closely
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import read_lines, read_top
from audience_uploader.rows.placeholder_hashes import holds_nothing
from audience_uploader.rows.quoting import all_quoted
from audience_uploader.rows.uniform_rows import rows_of_uniform

_LINE_END = re.compile(rb"\r\n|\n|\r")
# Where runs are shorter than this, on average, a list of lines is faster.
_SHORTEST_RUN = 16
_TO_BEGIN = 64  # lines for which a few flaws are no reason to stop


def rows_of(
    text: bytes, layout: Layout, counts: RowCounts, *, complete: bool, clean: bytes = b""
) -> tuple[bytes, bytes]:
    """Return the rows of a block of whole lines, and the text of a record that isn't complete.

    The lines follow those already counted; the result and the counts are those of
    read_line_by_line. Nothing is left over if the block is the last, `complete`. `clean` is a
    text that is known to be clean rows.
    """
    if counts.lines < layout.top:
        text = _below_top(text, layout, counts)
    if rows := rows_of_uniform(text, layout, clean):
        count = len(rows) // ROW_BYTES
        counts.read += count
        counts.valid += count
        counts.lines += count
        return rows, b""
    delimiter = layout.dialect.delimiter
    if _has_overlong(text):
        return _rows_of_records(text, layout, counts, complete=complete)
    if layout.dialect.is_plain(text):
        rows, start = b"", 0
        if layout.is_list and layout.width == 1:
            rows, start = _rows_of_runs(text, layout, counts)
        return rows + rows_of_plain(text[start:], delimiter, layout, counts), b""
    escape = layout.dialect.escape or b"\\"
    if (
        layout.dialect.quote == b'"'
        and escape not in text
        and (bare := all_quoted(text, delimiter))
    ):
        return rows_of_plain(bare, b"\0", layout, counts), b""
    return _rows_of_records(text, layout, counts, complete=complete)


def _rows_of_records(
    text: bytes, layout: Layout, counts: RowCounts, *, complete: bool
) -> tuple[bytes, bytes]:
    lines = text.splitlines(keepends=True)
    bare = [line.rstrip(b"\r\n") for line in lines]
    rows, read = read_lines(bare, layout, counts, complete=complete)
    return rows, b"".join(lines[read:])


def _below_top(text: bytes, layout: Layout, counts: RowCounts) -> bytes:
    end = 0
    for _ in range(layout.top - counts.lines):
        found = _LINE_END.search(text, end)
        end = found.end() if found else len(text)
    read_top(text[:end].splitlines(), layout, counts)
    return text[end:]


def _rows_of_runs(text: bytes, layout: Layout, counts: RowCounts) -> tuple[bytes, int]:
    """Return the rows of the first lines of a list, counted, and where in it the others begin.

    Stops where flaws are frequent, and takes none where what ends like rows is no hash. In `runs`
    are the clean lines before each of the `flawed`.
    """
    view, runs = memoryview(text), list[memoryview]()
    flawed: list[bytes] = []
    numbers: list[int] = []
    start, line = 0, counts.lines
    while start < len(text) and len(flawed) * _SHORTEST_RUN <= line - counts.lines + _TO_BEGIN:
        count = rows_by_their_ends(text, start)
        runs.append(view[start : start + count * ROW_BYTES])
        start += count * ROW_BYTES
        line += count
        if start < len(text):
            end = text.find(b"\n", start) + 1 or len(text)
            flawed.append(text[start:end].removesuffix(b"\n").removesuffix(b"\r"))
            line, start = line + 1, end
            numbers.append(line)
    rows = b"".join(runs)
    if not is_clean(rows) or holds_nothing(rows) or any(b"\r" in piece for piece in flawed):
        return b"", 0
    counts.read += len(rows) // ROW_BYTES
    counts.valid += len(rows) // ROW_BYTES
    counts.lines = line
    mark = layout.dialect.delimiter
    found = read_closely(flawed, numbers, lambda at: flawed[at].split(mark), layout, counts)
    if not any(found):
        return rows, start
    others = [identifier + b"\n" if identifier else b"" for identifier in found]
    return b"".join(chain(*zip_longest(runs, others, fillvalue=b""))), start


def _has_overlong(text: bytes) -> bool:
    start = 0
    while len(text) - start > LONGEST_LINE_BYTES:
        start = text.rfind(b"\n", start, start + LONGEST_LINE_BYTES + 1) + 1
        if not start:
            return True
    return False
