"""Lines into records and their cells: the plain reading that every faster one must agree with."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from audience_uploader.domain.row_counts import BROKEN_QUOTES, WRONG_LENGTH
from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.quoting import (
    Dialect,
    how_to_read,
    is_in_order,
    without_blanks_at_quotes,
)

LONGEST_RECORD_BYTES = 64 * 1024


class Record(NamedTuple):
    """A record: its cells, the index of its first line, its lines, and a fault of its own or ""."""

    cells: list[bytes]
    first: int
    lines: int
    fault: str = ""


class Records:
    """The records of some lines, which have no line ends.

    A quoted cell may go over several lines, as RFC 4180 has it, and up to LONGEST_RECORD_BYTES.
    A record whose quotes are out of order (one that never closes, one that closes within a cell)
    is its first line alone, with the fault BROKEN_QUOTES; reading goes on with the next line.
    After the iteration `left` is the index of the first line of a record that may go on in the
    lines that follow; `complete` says that none do, and then nothing is left.
    """

    def __init__(self, lines: Sequence[bytes], dialect: Dialect, *, complete: bool) -> None:
        self._lines = lines
        self._dialect = dialect
        self._complete = complete
        self._starved = False
        self.left = len(lines)

    def __iter__(self) -> Iterator[Record]:
        lines, dialect, at = self._lines, self._dialect, 0
        while at < len(lines):
            line = lines[at]
            if len(line) > LONGEST_LINE_BYTES:
                record = Record([], at, 1, WRONG_LENGTH)
            elif dialect.is_plain(line):
                record = Record(line.split(dialect.delimiter), at, 1)
            else:
                record = self._quoted(at)
                if self._starved and not self._complete:
                    self.left = at
                    return
            yield record
            at += record.lines

    def _quoted(self, at: int) -> Record:
        self._starved = False
        reader = csv.reader(self._fed(at), how_to_read(self._dialect))
        try:
            cells = [cell.encode("latin-1") for cell in next(reader)]
        except csv.Error:
            return self._of_one_line(at)
        self._starved = False
        text = b"\n".join(self._lines[at : at + reader.line_num])
        if not is_in_order(text, self._dialect):
            return self._of_one_line(at)
        return Record(cells, at, reader.line_num)

    def _of_one_line(self, at: int) -> Record:
        """Return the record of a line that the dialect alone doesn't explain, or its fault.

        Blanks between quotes and delimiters, and quotes escaped by a backslash, may do so.
        """
        line, dialect = self._lines[at], self._dialect
        cells = _cells_in_order(without_blanks_at_quotes(line, dialect), dialect)
        if not cells and not dialect.escape and b"\\" + dialect.quote in line:
            cells = _cells_in_order(line, replace(dialect, escape=b"\\"))
        return Record(cells, at, 1, "" if cells else BROKEN_QUOTES)

    def _fed(self, at: int) -> Iterator[str]:
        """Yield lines to the csv reader, as many as a record may have."""
        size = 0
        for number in range(at, len(self._lines)):
            line = self._lines[number]
            size += len(line) + 1
            if size > LONGEST_RECORD_BYTES + 1:
                return
            yield line.decode("latin-1") + "\n"
        self._starved = True


def _cells_in_order(line: bytes, dialect: Dialect) -> list[bytes]:
    """Return the cells of a line that is a whole record with its quotes in order, else none."""
    if not is_in_order(line, dialect):
        return []
    try:
        cells = next(csv.reader([line.decode("latin-1")], how_to_read(dialect)))
    except csv.Error:
        return []
    return [cell.encode("latin-1") for cell in cells]
