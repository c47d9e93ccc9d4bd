"""The columns that are meant: those whose names say so, else the only one that holds hashes."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.header import shown
from audience_uploader.rows.header_names import UNNAMED, is_hashed, is_of_other_type, rank_of
from audience_uploader.rows.validation import is_hash

# A column that holds a hash in one record of fifty or fewer doesn't count as one that holds hashes.
_RARE = 50
_SHORTEST_HASH = 43


def hashes_in(cells: Sequence[bytes]) -> list[int]:
    """Return the numbers of the cells that hold hashes."""
    return [
        number for number, cell in enumerate(cells) if len(cell) >= _SHORTEST_HASH and is_hash(cell)
    ]


def columns_of_hashes(found: Sequence[list[int]]) -> list[int]:
    """Return the columns that hold hashes, by what hashes_in found in each record."""
    holders = Counter(chain.from_iterable(found))
    with_hashes = sum(map(bool, found))
    return sorted(number for number, count in holders.items() if count * _RARE > with_hashes)


def columns_of(names: Sequence[str], holding: list[int], calculate_type: str) -> tuple[int, ...]:
    """Return the zero-based columns that are meant; `holding` are those that hold hashes.

    Raises DropRefused `ambiguous_columns` where several do and nobody named one.
    """
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
