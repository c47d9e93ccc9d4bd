"""The records among many that aren't plainly valid, by one cell of each."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from audience_uploader.domain.row_counts import BLANK, LINES_SHOWN, NOT_HEX, RowCounts
from audience_uploader.rows.csv_cells import Record
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import read_record
from audience_uploader.rows.other_forms import HASH_CHARACTERS, HEX
from audience_uploader.rows.placeholder_hashes import HASHES_OF_NOTHING
from audience_uploader.rows.plain_faults import plain_faults
from audience_uploader.rows.second_header import may_be_heading


def is_plainly_valid(cell: bytes) -> bool:
    """Tell whether a cell is 64 hex digits that aren't the hash of nothing."""
    return (
        len(cell) == HASH_CHARACTERS
        and not cell.translate(None, HEX)
        and cell.lower() not in HASHES_OF_NOTHING
    )


def read_closely(
    cells: list[bytes],
    lines: Sequence[int],
    cells_of: Callable[[int], list[bytes]],
    layout: Layout,
    counts: RowCounts,
) -> list[bytes]:
    """Return the identifiers of records by one cell of each, b"" for none, and count the records.

    The result and the counts are those of read_record. `lines` are their line numbers, `cells_of`
    gives all cells of one of them. The faults that are most frequent are told by one match.
    """
    if len(layout.columns) > 1:
        return [
            b"\n".join(read_record(Record(cells_of(at), 0, 1), line, layout, counts))
            for at, line in enumerate(lines)
        ]
    reasons = _certain_faults(cells, layout)
    counts.empty += reasons.count(BLANK)
    found = [b""] * len(cells)
    for at, reason in enumerate(reasons):
        if reason is None:
            found[at], reasons[at] = _read_one(cells_of(at), lines[at], layout, counts)
    counts.read += len(cells)
    for reason, count in Counter(reasons).items():
        if reason:
            _reject(reason, count, reasons, lines, counts)
    return found


def _certain_faults(cells: list[bytes], layout: Layout) -> list[str | None]:
    """Return the plain faults of cells, but None where the rest of the record may say otherwise."""
    text, mark = b"\n".join([*cells, b""]), layout.dialect.delimiter
    reasons = plain_faults(text)
    each = partial(zip, cells, strict=True)
    if layout.width == 1 and mark in text:  # the line has more cells
        reasons = [None if mark in cell else reason for cell, reason in each(reasons)]
    if layout.width > 1 and BLANK in reasons:  # the whole record may be blank
        reasons = [None if reason == BLANK else reason for reason in reasons]
    if layout.headings and NOT_HEX in reasons:
        reasons = [
            None if reason == NOT_HEX and may_be_heading(cell, layout) else reason
            for cell, reason in each(reasons)
        ]
    return reasons


def _read_one(
    cells: list[bytes], line: int, layout: Layout, counts: RowCounts
) -> tuple[bytes, str]:
    """Return the identifier of a record, or b"" and the reason, which isn't counted yet."""
    one = RowCounts()
    identifiers = read_record(Record(cells, 0, 1), line, layout, one)
    counts.valid += one.valid
    counts.empty += one.empty
    for form in one.converted:
        counts.convert(form)
    return b"".join(identifiers), next(iter(one.rejected), "")


def _reject(
    reason: str,
    count: int,
    reasons: Sequence[str | None],
    lines: Sequence[int],
    counts: RowCounts,
) -> None:
    known = counts.rejected.get(reason)
    if known is not None and len(known.lines) == LINES_SHOWN:
        known.count += count
        return
    counts.reject(
        reason, lines=[line for line, own in zip(lines, reasons, strict=True) if own == reason]
    )
