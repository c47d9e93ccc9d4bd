"""Record by record: the plain definition of what leaves and what is kept back."""

from collections.abc import Sequence

from audience_uploader.domain.row_counts import BLANK, NOT_HEX, WRONG_CELL_COUNT, RowCounts
from audience_uploader.rows.csv_cells import Record, Records
from audience_uploader.rows.header import is_blank
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.raw_identifiers import raw_kind
from audience_uploader.rows.second_header import check_header_within
from audience_uploader.rows.validation import identifier_in


def fault_of_record(record: Record, layout: Layout) -> str:
    """Return why no cell of a record may be believed, or ""; BLANK if nothing stands in it.

    A record must have as many cells as the header. Blank cells after those are harmless only
    where the first cell is meant: no comma can have moved that one.
    """
    if record.fault:
        return record.fault
    cells = record.cells
    if is_blank(cells):
        return BLANK
    if len(cells) == layout.width:
        return ""
    if layout.is_list and len(cells) > layout.width and is_blank(cells[layout.width :]):
        return ""
    raw = raw_kind(layout.dialect.delimiter.join(cells)) if layout.width == 1 else ""
    return raw or WRONG_CELL_COUNT


def read_record(record: Record, line: int, layout: Layout, counts: RowCounts) -> list[bytes]:
    """Count a record that begins on this line, and return its identifiers in lower case.

    Raises DropRefused for a header that gives the columns another order.
    """
    counts.read += 1
    if fault := fault_of_record(record, layout):
        counts.empty += fault == BLANK
        counts.reject(fault, lines=[line])
        return []
    found = [identifier_in(record.cells[column]) for column in layout.columns]
    if any(fault == NOT_HEX for _, fault, _ in found):
        check_header_within(record.cells, line, layout)
    for fault in _that_count([fault for _, fault, _ in found]):
        counts.reject(fault, lines=[line])
    for _, _, form in found:
        if form:
            counts.convert(form)
    identifiers = [identifier for identifier, _, _ in found if identifier]
    counts.valid += len(identifiers)
    return identifiers


def _that_count(faults: list[str]) -> list[str]:
    """Return the faults of a record's cells: blank ones count only where all are, and once."""
    if all(fault == BLANK for fault in faults):
        return [BLANK]
    return [fault for fault in faults if fault not in ("", BLANK)]


def read_lines(
    lines: Sequence[bytes], layout: Layout, counts: RowCounts, *, complete: bool
) -> tuple[bytes, int]:
    """Return the rows of the lines that follow those counted, and how many lines were read.

    Those of a record that may go on in later lines are left, unless `complete`.
    """
    above = read_top(lines, layout, counts)
    records = Records(lines[above:], layout.dialect, complete=complete)
    rows: list[bytes] = []
    begin = counts.lines + 1
    for record in records:
        rows += read_record(record, begin + record.first, layout, counts)
    counts.lines += records.left
    return b"".join([row + b"\n" for row in rows]), above + records.left


def read_top(lines: Sequence[bytes], layout: Layout, counts: RowCounts) -> int:
    """Count the lines above the rows, the header among them, and return how many these are.

    Comments, `sep=` and a title are no rows, and not counted as such.
    """
    above = min(len(lines), max(0, layout.top - counts.lines))
    for line in lines[:above]:
        counts.lines += 1
        if counts.lines == layout.header_lines[0]:
            counts.header = 1
            counts.read += 1
        elif not layout.header_lines[0] < counts.lines <= layout.header_lines[1] and is_blank(
            [line]
        ):
            counts.read += 1
            counts.empty += 1
            counts.reject(BLANK, lines=[counts.lines])
    return above


def read_line_by_line(lines: Sequence[bytes], layout: Layout, counts: RowCounts) -> bytes:
    """Return the rows of all lines that follow those already counted; no others do."""
    return read_lines(lines, layout, counts, complete=True)[0]
