"""How to read a Parquet file: which columns, and as text or as bytes."""

import re
from dataclasses import dataclass

from audience_uploader.rows.clean_rows import ROW_BYTES
from audience_uploader.rows.columns import columns_of_hashes, hashes_in
from audience_uploader.rows.header import shown
from audience_uploader.rows.header_names import is_of_other_type
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.parquet_columns import Column, columns_meant
from audience_uploader.rows.parquet_engine import ParquetEngine
from audience_uploader.rows.parquet_sql import (
    CELLS_APART,
    QUOTE,
    hex_of_binary,
    plain_text,
)
from audience_uploader.rows.quoting import Dialect

_SAMPLE_ROWS = 1000
_COLUMNS_AT_ONCE = 16  # in a sample: a page of each is in memory
_TEXT_OF_MD5 = re.compile(rb"[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: the columns meant and their cells' expressions, by position.

    `layout` is that of the lines they make. There are no columns where there is no row.
    """

    columns: dict[int, Column]
    cells: dict[int, str]
    layout: Layout
    rows: int

    @property
    def at_most(self) -> int:
        """The most bytes of rows that the file can give."""
        return self.rows * len(self.cells) * ROW_BYTES


def plan_of(engine: ParquetEngine, calculate_type: str) -> Plan:
    """Return how to read a file, from its schema and first rows; raise DropRefused for no way."""
    rows = engine.rows()
    columns = engine.columns()
    if not rows:
        return Plan({}, {}, Layout(), 0)
    # A lone column of text is meant whatever it holds, and DuckDB's own pages of 8 MB take long.
    lone_text = len(columns) == 1 and columns[0].is_text
    seen = _Sample(engine, [] if lone_text else columns)
    meant = columns_meant(columns, seen.holding, calculate_type)
    cells = {
        number: plain_text(number)
        if columns[number].is_text
        else hex_of_binary(number, may_be_text=number not in seen.binary)
        for number in meant
    }
    names = [columns[number].name for number in meant]
    layout = Layout(
        Dialect(delimiter=CELLS_APART, quote=QUOTE),
        columns=tuple(range(len(meant))),
        width=len(meant),
        names=tuple(shown(column.name) for column in columns),
        other_type=all(is_of_other_type(name, calculate_type) for name in names),
    )
    return Plan({number: columns[number] for number in meant}, cells, layout, rows)


class _Sample:
    """What the first rows show: the columns that hold hashes, and those that hold raw bytes."""

    def __init__(self, engine: ParquetEngine, columns: list[Column]) -> None:
        self.binary: set[int] = set()
        able = [n for n, column in enumerate(columns) if column.may_hold_identifiers]
        self._found: list[list[int]] = [[] for _ in range(_SAMPLE_ROWS)]
        for first in range(0, len(able), _COLUMNS_AT_ONCE):
            batch = {n: columns[n] for n in able[first : first + _COLUMNS_AT_ONCE]}
            self._take(list(batch), engine.sample(batch, rows=_SAMPLE_ROWS))
        self.holding = columns_of_hashes(self._found)

    def _take(self, numbers: list[int], rows: list[tuple[str | bytes, ...]]) -> None:
        for found, row in zip(self._found, rows, strict=False):
            cells = [self._cell(number, cell) for number, cell in zip(numbers, row, strict=True)]
            found += [numbers[place] for place in hashes_in(cells)]

    def _cell(self, number: int, cell: str | bytes) -> bytes:
        if isinstance(cell, str):
            return cell.encode()
        if len(cell) != 32 or _TEXT_OF_MD5.fullmatch(cell):
            return cell
        self.binary.add(number)
        return cell.hex().encode()
