"""Many lines at once: their cells picked in bulk, and only what isn't plainly a hash read closely.

What is picked here agrees with line_reader.py: each line is a record by itself (no quote is left
in these texts), and a cell is believed only where it is 64 hex digits, stands alone in its line or
in one with as many cells as the header, and isn't the hash of nothing.
"""

from collections.abc import Callable
from functools import cache

from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.clean_rows import ends_like_rows, is_clean
from audience_uploader.rows.close_reader import is_plainly_valid, read_closely
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.other_forms import HASH_CHARACTERS
from audience_uploader.rows.placeholder_hashes import holds_nothing

_LINES_AT_ONCE = 8192  # bounds what a block of nothing but line ends takes in memory

Cells = Callable[[int], list[bytes]]


def rows_of_plain(text: bytes, delimiter: bytes, layout: Layout, counts: RowCounts) -> bytes:
    """Return the rows of whole lines in which nothing but `delimiter` sets cells apart."""
    given, text = text, text.replace(b"\r\n", b"\n") if b"\r" in text else text
    if b"\r" in text:
        lines = given.splitlines()  # of CR CR LF, two line ends, the other text shows one
    elif layout.width > 1 and len(layout.columns) == 1 and (flat := _flat(text, delimiter, layout)):
        return _rows_of_table(flat, layout, counts)
    else:
        lines = text.removesuffix(b"\n").split(b"\n") if text else []
    return b"".join(
        _rows_of_lines(lines[at : at + _LINES_AT_ONCE], delimiter, layout, counts)
        for at in range(0, len(lines), _LINES_AT_ONCE)
    )


def _flat(text: bytes, delimiter: bytes, layout: Layout) -> list[bytes]:
    """Return the cells of all lines as one list, or [] unless every line has as many as the header.

    Where the column that is meant is neither the first nor the last, only delimiters were split
    at: then the last cell of a line and the first of the next are one, with LF between them.
    """
    if not _is_inner(layout):
        is_table = _is_table(text, delimiter, layout.width)
        return text.removesuffix(b"\n").replace(b"\n", delimiter).split(delimiter) * is_table
    text = text.removesuffix(b"\n")
    flat, every = text.split(delimiter), layout.width - 1
    ends = flat[every:-1:every]
    line_ends = b"\0".join(ends).translate(None, _all_but(b"\0"))
    fits = len(flat) % every == 1 and len(ends) == text.count(b"\n")
    return flat if fits and line_ends == b"\0".join([b"\n"] * len(ends)) else []


def _is_inner(layout: Layout) -> bool:
    return 0 < layout.columns[0] < layout.width - 1


def _is_table(text: bytes, delimiter: bytes, width: int) -> bool:
    """Tell whether every line has `width` cells."""
    marks = text.translate(None, _all_but(delimiter)) + b"\n" * (not text.endswith(b"\n"))
    count, odd = divmod(len(marks), width)
    return not odd and marks == (delimiter * (width - 1) + b"\n") * count


@cache
def _all_but(mark: bytes) -> bytes:
    return bytes({*range(256)} - {*mark, *b"\n"})


def _rows_of_table(flat: list[bytes], layout: Layout, counts: RowCounts) -> bytes:
    width = layout.width
    every = width - _is_inner(layout)

    def cells_of(number: int) -> list[bytes]:
        first, *others, last = flat[number * every : number * every + width]
        return [first.rpartition(b"\n")[2], *others, last.partition(b"\n")[0]]

    return _believed(flat[layout.columns[0] :: every], cells_of, layout, counts)


def _rows_of_lines(
    lines: list[bytes], delimiter: bytes, layout: Layout, counts: RowCounts
) -> bytes:
    if layout.width == 1 and layout.is_list:
        return _believed(list(lines), lambda at: lines[at].split(delimiter), layout, counts)
    records = [line.split(delimiter) for line in lines]
    if len(layout.columns) > 1:
        picked = [b""] * len(lines)
    else:
        column, width = layout.columns[0], layout.width
        picked = [cells[column] if len(cells) == width else b"" for cells in records]
    return _believed(picked, records.__getitem__, layout, counts)


def _believed(picked: list[bytes], cells_of: Cells, layout: Layout, counts: RowCounts) -> bytes:
    """Return the rows of lines by the cell picked from each, counted; `picked` is used up."""
    first = counts.lines + 1
    rows, odd = _rows_and_others(picked)
    counts.lines += len(picked)
    counts.read += len(picked) - len(odd)
    counts.valid += len(picked) - len(odd)
    found = read_closely(
        [picked[number] for number in odd],
        [first + number for number in odd],
        lambda at: cells_of(odd[at]),
        layout,
        counts,
    )
    if not any(found):
        return rows
    for number, identifiers in zip(odd, found, strict=True):
        picked[number] = identifiers
    return _joined([cell for cell in picked if cell]).lower()


def _rows_and_others(picked: list[bytes]) -> tuple[bytes, list[int]]:
    """Return the rows of the cells that are plainly valid, and the numbers of the others."""
    if rows := _valid_rows(picked):
        return rows, []
    odd = [number for number, cell in enumerate(picked) if len(cell) != HASH_CHARACTERS]
    good = [cell for cell in picked if len(cell) == HASH_CHARACTERS] if odd else picked
    if not good or (rows := _valid_rows(good)):
        return rows, odd
    odd = [number for number, cell in enumerate(picked) if not is_plainly_valid(cell)]
    return _joined([cell.lower() for cell in picked if is_plainly_valid(cell)]), odd


def _valid_rows(cells: list[bytes]) -> bytes:
    """Return the rows of cells, if all are plainly valid; else b""."""
    rows = _joined(cells)
    if not ends_like_rows(rows):
        return b""
    if not is_clean(rows):
        rows = rows.lower()
        if not is_clean(rows):
            return b""
    return b"" if holds_nothing(rows) else rows


def _joined(cells: list[bytes]) -> bytes:
    return b"\n".join(cells) + b"\n" if cells else b""
