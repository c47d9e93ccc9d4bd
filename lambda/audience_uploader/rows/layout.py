"""Which cells of a record hold the identifier: decided once, on the first chunk of a drop.

The sample is always the same first lines of the decoded content (those that end within the first
CHUNK_BYTES, or all of a smaller drop), however the blocks were cut. So the decision, and all that
follows from it, depends on the content alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.columns import columns_of, columns_of_hashes, hashes_in
from audience_uploader.rows.csv_cells import Record, Records
from audience_uploader.rows.dialect import dialect_of
from audience_uploader.rows.header import Header, header_of, is_blank, name_of, shown
from audience_uploader.rows.header_names import is_of_other_type
from audience_uploader.rows.quoting import Dialect
from audience_uploader.rows.row_names import ended_alike, has_row_names

_SAMPLE_LINES = 1000


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the identifiers stand: the dialect, the zero-based columns, and a record's cells.

    `header_lines` are the one-based numbers of the first and the last line of the header, (0, 0)
    where there is none; the lines up to `top` are above the rows. `names` are the header's, as
    they may be shown, `headings` as they are, in lower case; `other_type` is True where it calls
    the identifier one of another format.
    """

    dialect: Dialect = field(default_factory=Dialect)
    columns: tuple[int, ...] = (0,)
    width: int = 1
    header_lines: tuple[int, int] = (0, 0)
    top: int = 0
    names: tuple[str, ...] = ()
    other_type: bool = False
    headings: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """True if a row's only identifier is its first cell."""
        return self.columns == (0,)


def layout_of(sample: bytes, calculate_type: str) -> Layout:
    """Return the layout that a sample shows: the first whole lines of a drop.

    The columns are those whose header names the format, otherwise the only one that holds hashes.
    Raises DropRefused `ambiguous_columns` where that leaves several that nobody named.
    """
    lines = [line[:LONGEST_LINE_BYTES] for line in sample.splitlines()[:_SAMPLE_LINES]]
    dialect = dialect_of(lines)
    records = list(Records(lines, dialect, complete=True))
    header = header_of(records, calculate_type)
    below = [record for record in records if record.first >= header.top]
    below = [record for record in below if not record.fault and not is_blank(record.cells)]
    found = [hashes_in(record.cells) for record in below]
    names = _aligned_names(header, below, found)
    width = len(names) if names else _width_of(below, found)
    fitting = [own for record, own in zip(below, found, strict=True) if _fits(record, width)]
    columns = columns_of(names, columns_of_hashes(fitting), calculate_type)
    other = bool(names) and all(
        column < len(names) and is_of_other_type(names[column], calculate_type)
        for column in columns
    )
    listed = tuple(shown(name) for name in names)
    headings = tuple(name.lower() for name in names)
    return Layout(dialect, columns, width, header.lines, header.top, listed, other, headings)


def _aligned_names(
    header: Header, below: Sequence[Record], found: Sequence[list[int]]
) -> Sequence[str]:
    names = [name_of(cell) for cell in header.cells]
    if names and has_row_names(names, below, found):
        return ["", *names]
    return ended_alike(names, below, found)


def _width_of(below: Sequence[Record], found: Sequence[list[int]]) -> int:
    """Return the number of cells that most records with a hash have; 1 for a list."""
    if all(is_blank(record.cells[1:]) for record in below):
        return 1
    widths = Counter(
        len(record.cells) for record, own in zip(below, found, strict=True) if own or not any(found)
    )
    return widths.most_common(1)[0][0]


def _fits(record: Record, width: int) -> bool:
    return len(record.cells) == width or is_blank(record.cells[max(width, 1) :])
