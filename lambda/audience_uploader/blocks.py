"""Whole blocks at once: what reading.py says of each line, by operations on many lines.

A block of uniform lines never becomes a list of lines. Any other is split, its cells are picked in
bulk, and only lines whose cell isn't plainly a hash are read one by one.
"""

import re
from collections import defaultdict

from audience_uploader.columns import Layout
from audience_uploader.counts import RowCounts
from audience_uploader.nothing import holds_nothing
from audience_uploader.picking import picked_cells
from audience_uploader.reading import judged, read_line_by_line
from audience_uploader.rejects import BLANK, HASH_CHARACTERS, fault_of

ROW_BYTES = HASH_CHARACTERS + 1
_LINES_AT_ONCE = 8192  # bounds what a block of nothing but line ends takes in memory
_LOWER_HEX = b"0123456789abcdef"
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
        return _rows_of_mixed(text.splitlines(), layout, counts)
    counts.read += len(rows) // ROW_BYTES
    counts.valid += len(rows) // ROW_BYTES
    return rows


def _rows_from_the_top(text: bytes, layout: Layout, counts: RowCounts) -> bytes:
    top = b"".join(text.splitlines(keepends=True)[: layout.header_line - counts.read])
    rows = read_line_by_line(top.splitlines(), layout, counts)
    return rows + (rows_of(text[len(top) :], layout, counts) if len(text) > len(top) else b"")


def _is_clean(rows: bytes) -> bool:
    """Tell whether all of it is lines of 64 lower-case hex digits, LF after each."""
    count, odd = divmod(len(rows), ROW_BYTES)
    if odd or rows[HASH_CHARACTERS::ROW_BYTES] != b"\n" * count:
        return False
    return len(rows.translate(None, _LOWER_HEX)) == count


def _rows_of_uniform(text: bytes, layout: Layout) -> bytes:
    """Return the rows of lines that differ in nothing but the hash, or b"" for other lines."""
    if layout.column == 0 and _is_clean(text):
        return text
    first = _FIRST_LINE.match(text)
    if first is None or judged(first[0].rstrip(b"\r\n"), layout)[0] != first["hash"].lower():
        return b""
    lead, tail = first["lead"], first["tail"]
    if not _around_each_hash(text, lead, tail):
        return b""
    rows = text.translate(_TO_LOWER, (lead + tail).replace(b"\n", b""))
    return rows if _is_clean(rows) else b""


def _around_each_hash(text: bytes, lead: bytes, tail: bytes) -> bool:
    """Tell whether `lead`, 64 bytes and `tail` are repeated without a gap, whatever the 64 are."""
    period = len(lead) + HASH_CHARACTERS + len(tail)
    count, odd = divmod(len(text), period)
    if odd:
        return False
    places = [*range(len(lead)), *range(len(lead) + HASH_CHARACTERS, period)]
    return all(text[place::period] == text[place : place + 1] * count for place in places)


def _rows_of_mixed(lines: list[bytes], layout: Layout, counts: RowCounts) -> bytes:
    return b"".join(
        _rows_of_some(lines[start : start + _LINES_AT_ONCE], layout, counts)
        for start in range(0, len(lines), _LINES_AT_ONCE)
    )


def _rows_of_some(lines: list[bytes], layout: Layout, counts: RowCounts) -> bytes:
    cells = picked_cells(lines, layout)
    rows = _joined(cells)
    if len(rows) < ROW_BYTES * len(cells) or not _is_trusted(rows):
        rows = _rows_of_flawed(lines, cells, layout, counts)
    counts.read += len(lines)
    counts.valid += len(rows) // ROW_BYTES
    return rows


def _rows_of_flawed(
    lines: list[bytes], cells: list[bytes], layout: Layout, counts: RowCounts
) -> bytes:
    odd = [number for number, cell in enumerate(cells) if len(cell) != HASH_CHARACTERS]
    faults = defaultdict(list, {BLANK: [number for number in odd if not lines[number]]})
    _read_slowly(lines, cells, layout, odd, faults)
    rows = _joined(cells)
    if not _is_trusted(rows):
        odd = [number for number, cell in enumerate(cells) if cell and fault_of(cell)]
        _read_slowly(lines, cells, layout, odd, faults)
        rows = _joined(cells)
    _count(faults, counts)
    return rows


def _is_trusted(rows: bytes) -> bool:
    return _is_clean(rows) and not holds_nothing(rows)


def _count(faults: dict[str, list[int]], counts: RowCounts) -> None:
    for fault, numbers in faults.items():
        if numbers:
            first = counts.read + 1
            counts.reject(fault, lines=[first + number for number in sorted(numbers)])


def _joined(cells: list[bytes]) -> bytes:
    rows = b"\n".join([cell for cell in cells if cell])
    return (rows + b"\n").lower() if rows else b""


def _read_slowly(
    lines: list[bytes],
    cells: list[bytes],
    layout: Layout,
    numbers: list[int],
    faults: defaultdict[str, list[int]],
) -> None:
    """Put the identifier of each of these lines, or b"", in its cell; add the faults."""
    for number in numbers:
        if line := lines[number]:  # faults hold the empty ones already
            cells[number], fault = judged(line, layout)
            if fault:
                faults[fault].append(number)
