"""Tables whose rows have another number of cells than the header, all by one explanation.

R's: row names stand first in each row, and the header has no name for them. And those of writers
that end each row, or the header, with a delimiter.
"""

from collections.abc import Sequence
from itertools import pairwise

from audience_uploader.rows.csv_cells import Record
from audience_uploader.rows.header_names import is_header_word, means_identifier
from audience_uploader.rows.validation import bare


def has_row_names(
    names: Sequence[str], below: Sequence[Record], found: Sequence[list[int]]
) -> bool:
    """Tell whether each row has one cell more than there are names, because its own name is first.

    It must explain the whole sample: row numbers that rise, or quoted names that differ; every
    column of hashes then stands under the name of an identifier, as without it it doesn't.
    `found` are the numbers of the cells with hashes in each of `below`.
    """
    if not below or any(len(record.cells) != len(names) + 1 for record in below):
        return False
    holding = {number for own in found for number in own}
    if not holding or 0 in holding:
        return False
    shifted = all(is_header_word(names[column - 1]) for column in holding)
    plain = all(column < len(names) and is_header_word(names[column]) for column in holding)
    return shifted and not plain and _are_row_names([bare(record.cells[0]) for record in below])


def ended_alike(
    names: Sequence[str], below: Sequence[Record], found: Sequence[list[int]]
) -> Sequence[str]:
    """Return the names with the blank one that the rows end in, or without that of the header.

    Only where it explains every row with a hash, and the one column of hashes stands under the
    only name of an identifier: then no comma within a cell can have moved another there.
    """
    rows = [record.cells for record, own in zip(below, found, strict=True) if own]
    holding = {number for own in found for number in own}
    named = {column for column, name in enumerate(names) if means_identifier(name)}
    if not rows or len(holding) != 1 or named != holding:
        return names
    widths = set(map(len, rows))
    if widths == {len(names) + 1} and not any(bare(cells[-1]) for cells in rows):
        return [*names, ""]
    return names[:-1] if not names[-1] and widths == {len(names) - 1} else names


def _are_row_names(cells: Sequence[bytes]) -> bool:
    if all(cell.isdigit() for cell in cells):
        numbers = [int(cell) for cell in cells]
        return all(one < other for one, other in pairwise(numbers))
    return len(set(cells)) == len(cells) > 1 and all(cells)
