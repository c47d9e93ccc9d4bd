"""Whole blocks at once: what line_reader.py says of each record, by operations on many lines.

A block of uniform lines never becomes a list of lines, nor do runs of clean ones between flawed
ones. A block without quotes, or with quotes around every cell, is split in bulk; any other is read
record by record.
"""

import re
from functools import lru_cache
from itertools import chain, zip_longest

from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.bulk_cells import all_quoted, rows_of_plain
from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.clean_rows import ROW_BYTES, is_clean, rows_by_their_ends
from audience_uploader.rows.close_reader import read_closely
from audience_uploader.rows.csv_cells import Records
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import fault_of_record, read_lines, read_top
from audience_uploader.rows.other_forms import HASH_CHARACTERS
from audience_uploader.rows.placeholder_hashes import holds_nothing
from audience_uploader.rows.validation import identifier_in

_TO_LOWER = bytes(range(256)).lower()
_LINE_END = re.compile(rb"\r\n|\n|\r")
# what stands around a hash is kept short, so that comparing it stays cheap
_FIRST_LINE = re.compile(
    rb"(?P<lead>[^\n\r0-9a-zA-Z]{0,8})(?P<hash>[0-9a-fA-F]{64})(?P<tail>[^\n\r0-9a-zA-Z]{0,8}\r?\n)"
)
_ANY_HASH = b"0123456789abcdef" * 4
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
    if rows := _rows_of_uniform(text, layout, clean):
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


def _rows_of_uniform(text: bytes, layout: Layout, clean: bytes) -> bytes:
    """Return the rows of lines that differ in nothing but the hash, or b"" for other lines."""
    if layout.is_list and (text == clean or is_clean(text)):
        return b"" if layout.width > 1 or holds_nothing(text) else text
    first = _FIRST_LINE.match(text)
    if first is None or not _holds_it(first["lead"], first["tail"], layout):
        return b""
    lead, tail = first["lead"], first["tail"]
    if not _around_each_hash(text, lead, tail):
        return b""
    is_lower = first["hash"] == first["hash"].lower()  # to delete alone is twice as fast
    rows = text.translate(None if is_lower else _TO_LOWER, (lead + tail).replace(b"\n", b""))
    return rows if is_clean(rows) and not holds_nothing(rows) else b""


@lru_cache(maxsize=64)
def _holds_it(lead: bytes, tail: bytes, layout: Layout) -> bool:
    """Tell whether a hash between these is the only identifier of a record that is a line."""
    line = (lead + _ANY_HASH + tail).rstrip(b"\r\n")
    record = next(iter(Records([line], layout.dialect, complete=True)))
    if fault_of_record(record, layout) or len(layout.columns) != 1:
        return False
    return identifier_in(record.cells[layout.columns[0]]) == (_ANY_HASH, "", "")


def _around_each_hash(text: bytes, lead: bytes, tail: bytes) -> bool:
    """Tell whether `lead`, 64 bytes and `tail` are repeated without a gap, whatever the 64 are."""
    period = len(lead) + HASH_CHARACTERS + len(tail)
    count, odd = divmod(len(text), period)
    if odd:
        return False
    places = [*range(len(lead)), *range(len(lead) + HASH_CHARACTERS, period)]
    return all(text[place::period] == text[place : place + 1] * count for place in places)


def _rows_of_runs(text: bytes, layout: Layout, counts: RowCounts) -> tuple[bytes, int]:
    """Return the rows of the first lines of a list, counted, and where in it the others begin.

    Stops where flaws are frequent, and takes none where what ends like rows is no hash. In `runs`
    are the clean lines before each of the `flawed`.
    """
    runs: list[bytes] = []
    flawed: list[bytes] = []
    numbers: list[int] = []
    start, line = 0, counts.lines
    while start < len(text) and len(flawed) * _SHORTEST_RUN <= line - counts.lines + _TO_BEGIN:
        count = rows_by_their_ends(text, start)
        runs.append(text[start : start + count * ROW_BYTES])
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
