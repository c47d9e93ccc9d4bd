"""Which cells of a record hold the identifier: decided once, on the first chunk of a drop.

The sample is always the same first lines of the decoded content (those that end within the first
CHUNK_BYTES, or all of a smaller drop), however the blocks were cut. So the decision, and all that
follows from it, depends on the content alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.csv_cells import Dialect, Record, Records
from audience_uploader.rows.dialect import dialect_of
from audience_uploader.rows.header import Header, header_of, is_blank, name_of, shown
from audience_uploader.rows.header_names import UNNAMED, is_hashed, is_of_other_type, rank_of
from audience_uploader.rows.row_names import ended_alike, has_row_names
from audience_uploader.rows.validation import is_hash

# A column that holds a hash in one record of fifty or fewer doesn't count as one that holds hashes.
_RARE = 50
_SAMPLE_LINES = 1000
_SHORTEST_HASH = 43


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
    columns = _columns(names, columns_of_hashes(fitting), calculate_type)
    other = bool(names) and all(
        column < len(names) and is_of_other_type(names[column], calculate_type)
        for column in columns
    )
    listed = tuple(shown(name) for name in names)
    headings = tuple(name.lower() for name in names)
    return Layout(dialect, columns, width, header.lines, header.top, listed, other, headings)


def hashes_in(cells: Sequence[bytes]) -> list[int]:
    """Return the numbers of the cells that hold hashes."""
    return [
        number for number, cell in enumerate(cells) if len(cell) >= _SHORTEST_HASH and is_hash(cell)
    ]


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


def columns_of_hashes(found: Sequence[list[int]]) -> list[int]:
    """Return the columns that hold hashes, by what hashes_in found in each record."""
    holders = Counter(chain.from_iterable(found))
    with_hashes = sum(map(bool, found))
    return sorted(number for number, count in holders.items() if count * _RARE > with_hashes)


def _columns(names: Sequence[str], holding: list[int], calculate_type: str) -> tuple[int, ...]:
    if named := named_columns(names, holding, calculate_type):
        return named
    if len(holding) > 1:
        raise _ambiguous(names, holding, calculate_type)
    return tuple(holding) or (0,)


def named_columns(names: Sequence[str], holding: list[int], calculate_type: str) -> tuple[int, ...]:
    """Return the columns that are named most surely; of plain names, those over hashes."""
    ranks = [rank_of(name, calculate_type) for name in names]
    for rank in sorted(set(ranks) - {UNNAMED}):
        alike = [column for column, own in enumerate(ranks) if own == rank]
        with_hashes = [column for column in alike if column in holding]
        hashed = is_hashed(names[alike[0]])
        if with_hashes and not hashed:
            return tuple(with_hashes)
        if hashed or _all_of_other_type(names, holding, calculate_type):
            return tuple(alike)
    return ()


def _all_of_other_type(names: Sequence[str], holding: list[int], calculate_type: str) -> bool:
    return all(
        column < len(names) and is_of_other_type(names[column], calculate_type)
        for column in holding
    )


def _ambiguous(names: Sequence[str], holding: list[int], calculate_type: str) -> DropRefused:
    wanted = calculate_type.lower()
    which = " and ".join(_labelled(names, column) for column in holding[:5])
    listed = ", ".join(filter(None, map(shown, names[:20])))
    found = f" The file's columns are: {listed}." if listed else ""
    return DropRefused(
        "ambiguous_columns",
        f"Columns {which} all hold hashes, and no header says which one is meant.{found} Give the "
        f"one that is meant the name {wanted} in the first line, or drop a file with that column "
        "alone.",
    )


def _labelled(names: Sequence[str], column: int) -> str:
    name = shown(names[column]) if column < len(names) else ""
    return f"{column + 1} ({name})" if name else f"{column + 1}"
