"""Which cell of a line holds the identifier: decided once, on the first chunk of a drop.

The sample is always the same first lines of the decoded content (those that end within the first
CHUNK_BYTES, 4,096 at most, or all of a smaller drop), however the blocks were cut. So the
decision, and all that follows from it, depends on the content alone.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.csv_cells import DELIMITERS, cells_of
from audience_uploader.rows.header_names import (
    UNNAMED,
    is_hashed,
    is_header_word,
    is_of_other_type,
    rank_of,
)
from audience_uploader.rows.validation import HASH_CHARACTERS, HEX, bare

_NAME = re.compile(r"[A-Za-z_][\w .()/#:\-]{0,47}")
_HEX_WORD = re.compile(r"[0-9A-Fa-f]*")
_NO_NAMES = frozenset({"nan", "null", "none", "n/a", "na", "nil", "undefined", "unknown"})
# A column that holds a hash in one line of fifty or fewer doesn't count as one that holds hashes:
# an unquoted comma shifts a line's cells now and then.
_RARE = 50
_SAMPLE_LINES = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the identifier stands: the delimiter, the zero-based column, and the header's line.

    `header_line` is the one-based number of the header row, 0 where there is none; `other_type`
    is True where that row calls the identifier one of another format than the key's.
    """

    delimiter: bytes
    column: int
    header_line: int = 0
    other_type: bool = False


def layout_of(sample: bytes, calculate_type: str) -> Layout:
    """Return the layout that a sample shows: the first whole lines of a drop.

    The column is the one whose header names the format, otherwise the only one that holds hashes.
    Raises DropRefused `ambiguous_columns` where that leaves several.
    """
    lines = [line[:LONGEST_LINE_BYTES] for line in sample.splitlines()[:_SAMPLE_LINES]]
    delimiter = _delimiter_of(sample, lines)
    rows = [cells_of(line, delimiter) for line in lines]
    found = [_hashes_in(row) for row in rows]
    header_line = _header_line(rows, found)
    names = [_name(cell) for cell in rows[header_line - 1]] if header_line else []
    column = _column(names, _columns_of_hashes(found), calculate_type)
    other_type = is_of_other_type("".join(names[column : column + 1]), calculate_type)
    return Layout(delimiter, column, header_line, other_type)


def is_hash(cell: bytes) -> bool:
    """Tell whether a cell reads as a SHA-256 hash in hex, be it of anything."""
    text = bare(cell)
    return len(text) == HASH_CHARACTERS and not text.translate(None, HEX)


def _hashes_in(row: list[bytes]) -> list[int]:
    return [
        number for number, cell in enumerate(row) if len(cell) >= HASH_CHARACTERS and is_hash(cell)
    ]


def _columns_of_hashes(found: list[list[int]]) -> list[int]:
    holders = Counter(chain.from_iterable(found))
    with_hashes = sum(map(bool, found))
    return sorted(number for number, count in holders.items() if count * _RARE > with_hashes)


def _delimiter_of(sample: bytes, lines: list[bytes]) -> bytes:
    """Return the delimiter that uncovers hashes in the most lines, or stands in the most lines."""
    within = {
        mark: sum(mark in line.strip(b" \t") for line in lines)
        for mark in DELIMITERS
        if mark in sample
    }
    present = [mark for mark, count in within.items() if count] or [DELIMITERS[0]]
    if len(present) == 1:
        return present[0]
    return max(present, key=lambda mark: (_lines_with_hashes(lines, mark), within[mark]))


def _lines_with_hashes(lines: list[bytes], delimiter: bytes) -> int:
    return sum(1 for line in lines if _hashes_in(cells_of(line, delimiter)))


def _header_line(rows: list[list[bytes]], found: list[list[int]]) -> int:
    """Return the number of the first line that isn't blank, if it reads as a header; else 0."""
    for number, row in enumerate(rows, 1):
        if names := [name for cell in row if (name := _name(cell))]:
            header = not found[number - 1] and _is_header(names, above_hashes=any(found[number:]))
            return number if header else 0
    return 0


def _is_header(names: list[str], *, above_hashes: bool) -> bool:
    if not all(_NAME.fullmatch(name) for name in names):
        return False
    if any(is_header_word(name) for name in names):
        return True
    if all(_HEX_WORD.fullmatch(name) or name.lower() in _NO_NAMES for name in names):
        return False
    return above_hashes


def _name(cell: bytes) -> str:
    return bare(cell).decode("utf-8", "replace")


def _column(names: list[str], holding: list[int], calculate_type: str) -> int:
    named = _named_column(names, holding, calculate_type)
    if named is not None:
        return named
    if len(holding) > 1:
        raise _ambiguous(names, holding)
    return holding[0] if holding else 0


def _named_column(names: list[str], holding: list[int], calculate_type: str) -> int | None:
    ranks = [rank_of(name, calculate_type) for name in names]
    for rank in sorted(set(ranks) - {UNNAMED}):
        alike = [column for column, own in enumerate(ranks) if own == rank]
        with_hashes = [column for column in alike if column in holding]
        if len(with_hashes) > 1:
            raise _ambiguous(names, with_hashes)
        if with_hashes:
            return with_hashes[0]
        if is_hashed(names[alike[0]]) or _all_of_other_type(names, holding, calculate_type):
            return alike[0]
    return None


def _all_of_other_type(names: list[str], holding: list[int], calculate_type: str) -> bool:
    return all(
        column < len(names) and is_of_other_type(names[column], calculate_type)
        for column in holding
    )


def _ambiguous(names: list[str], columns: list[int]) -> DropRefused:
    shown = " and ".join(_shown(names, column) for column in columns[:5])
    return DropRefused(
        "ambiguous_columns",
        f"Columns {shown} all hold hashes, and no header says which one is meant: drop a file with "
        "one column, or name the column after the format (for example email_sha256).",
    )


def _shown(names: list[str], column: int) -> str:
    name = names[column] if column < len(names) else ""
    return f"{column + 1} ({name})" if name and len(name) <= 48 else f"{column + 1}"
