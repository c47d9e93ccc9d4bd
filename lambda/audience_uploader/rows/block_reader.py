"""Whole blocks at once: what reading.py says of each line, by operations on many lines.

A block of uniform lines never becomes a list of lines, nor do runs of clean ones between flawed
ones. Any other is split, its cells are picked in bulk, and only lines whose cell isn't plainly a
hash are read one by one.
"""

import re

from audience_uploader.domain.row_counts import BLANK, RowCounts
from audience_uploader.rows.bulk_cells import picked_cells
from audience_uploader.rows.findings import Findings
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import judged, read_line_by_line
from audience_uploader.rows.placeholder_hashes import holds_nothing
from audience_uploader.rows.runs import ROW_BYTES, is_clean, rows_of_runs
from audience_uploader.rows.validation import HASH_CHARACTERS, fault_of

_LINES_AT_ONCE = 8192  # bounds what a block of nothing but line ends takes in memory
_TO_LOWER = bytes(range(256)).lower()
# what stands around a hash is kept short, so that comparing it stays cheap
_FIRST_LINE = re.compile(
    rb"(?P<lead>[^\n\r0-9a-zA-Z]{0,8})(?P<hash>[0-9a-fA-F]{64})(?P<tail>[^\n\r0-9a-zA-Z]{0,8}\r?\n)"
)


def rows_of(text: bytes, layout: Layout, counts: RowCounts) -> bytes:
    """Return the rows of a block of whole lines, and count its lines.

    The lines follow those already counted; the result and the counts are those of
    read_line_by_line.
    """
    if counts.read < layout.header_line:
        return _rows_from_the_top(text, layout, counts)
    rows = _rows_of_uniform(text, layout)
    if not rows or holds_nothing(rows):
        return _rows_of_mixed(text, layout, counts)
    counts.read += len(rows) // ROW_BYTES
    counts.valid += len(rows) // ROW_BYTES
    return rows


def _rows_from_the_top(text: bytes, layout: Layout, counts: RowCounts) -> bytes:
    top = b"".join(text.splitlines(keepends=True)[: layout.header_line - counts.read])
    rows = read_line_by_line(top.splitlines(), layout, counts)
    return rows + (rows_of(text[len(top) :], layout, counts) if len(text) > len(top) else b"")


def _rows_of_uniform(text: bytes, layout: Layout) -> bytes:
    """Return the rows of lines that differ in nothing but the hash, or b"" for other lines."""
    if layout.column == 0 and is_clean(text):
        return text
    first = _FIRST_LINE.match(text)
    if first is None or judged(first[0].rstrip(b"\r\n"), layout)[0] != first["hash"].lower():
        return b""
    lead, tail = first["lead"], first["tail"]
    if not _around_each_hash(text, lead, tail):
        return b""
    rows = text.translate(_TO_LOWER, (lead + tail).replace(b"\n", b""))
    return rows if is_clean(rows) else b""


def _around_each_hash(text: bytes, lead: bytes, tail: bytes) -> bool:
    """Tell whether `lead`, 64 bytes and `tail` are repeated without a gap, whatever the 64 are."""
    period = len(lead) + HASH_CHARACTERS + len(tail)
    count, odd = divmod(len(text), period)
    if odd:
        return False
    places = [*range(len(lead)), *range(len(lead) + HASH_CHARACTERS, period)]
    return all(text[place::period] == text[place : place + 1] * count for place in places)


def _rows_of_mixed(text: bytes, layout: Layout, counts: RowCounts) -> bytes:
    rows, start = rows_of_runs(text, counts, layout) if layout.column == 0 else (b"", 0)
    lines = text[start:].splitlines()
    return rows + b"".join(
        _rows_of_list(lines[first : first + _LINES_AT_ONCE], layout, counts)
        for first in range(0, len(lines), _LINES_AT_ONCE)
    )


def _rows_of_list(lines: list[bytes], layout: Layout, counts: RowCounts) -> bytes:
    cells, findings = picked_cells(lines, layout), Findings(len(lines))
    if set(map(len, cells)) != {HASH_CHARACTERS}:
        odd = [number for number, cell in enumerate(cells) if len(cell) != HASH_CHARACTERS]
        _read_slowly(lines, cells, layout, odd, findings)
    rows = _joined(cells)
    if not is_clean(rows) or holds_nothing(rows):
        odd = [number for number, cell in enumerate(cells) if cell and fault_of(cell)]
        _read_slowly(lines, cells, layout, odd, findings)
        rows = _joined(cells)
    findings.count(counts)
    return rows


def _joined(cells: list[bytes]) -> bytes:
    rows = b"\n".join([cell for cell in cells if cell])
    if not rows:
        return b""
    rows += b"\n"
    return rows if is_clean(rows) else rows.lower()


def _read_slowly(
    lines: list[bytes], cells: list[bytes], layout: Layout, odd: list[int], findings: Findings
) -> None:
    """Put the identifier of each of these lines, or b"", in its cell; add the faults."""
    findings.add(BLANK, [number for number in odd if not lines[number]])
    for number in odd:
        if line := lines[number]:
            cells[number], fault = judged(line, layout)
            if fault:
                findings.faults[fault].append(number)
