"""The two ways a file of ids is read: one id a line, or a table of several kinds (section 2)."""

import hashlib
import re
from dataclasses import dataclass

from local.tiktok_simulator.answers import FILE_HEADER_BAD, FILE_ROW_BAD, RefusalError

_RAW_PHONE = re.compile(rb"\+?[\d ()-]{7,20}\s*")
_HEX = re.compile(rb"[0-9a-fA-F]+")
_COLUMNS = {
    name.lower(): name
    for name in ("MAID", "phone_SHA256", "email_SHA256", "MAID_SHA256", "MAID_MD5")
}
_MOST_REPEATS = 3

Ids = frozenset[str]
"""Ids in lower-case hex; of a file with several kinds as `kind:hex`."""


def ids_of(hexes: list[str]) -> Ids:
    """Ids from hex strings that are all 32 or all 64 long; ValueError for anything else."""
    widths = set(map(len, hexes))
    if len(widths) > 1 or not widths <= {32, 64} or not all(map(_is_hex, hexes)):
        raise ValueError("ids must all be 64 (SHA-256) or all 32 (MD5) hex characters")
    return frozenset(map(str.lower, hexes))


def _is_hex(text: str) -> bool:
    return _HEX.fullmatch(text.encode()) is not None


class Leaks:
    """What arrived in a file and is no hash: counts of lines, by what they look like."""

    __slots__ = ("raw_emails", "raw_phones", "unmatched")

    def __init__(self) -> None:
        self.unmatched = self.raw_emails = self.raw_phones = 0

    def note(self, line: bytes) -> None:
        """Count one line that is no id."""
        self.unmatched += 1
        self.raw_emails += b"@" in line
        self.raw_phones += _RAW_PHONE.fullmatch(line) is not None


@dataclass(slots=True, frozen=True)
class Reading:
    """What a file holds: a set of ids, the number of data lines, and the lines that were no id."""

    ids: Ids
    rows: int
    leaks: Leaks


class PlainLines:
    r"""One id a line: `\n` ends it, nothing else belongs to it, upper and lower case are the same.

    Any other line (a header, a blank, a `\r` at the end, quotes) is a row that matches nobody.
    SHA-256 and MD5 lines are kept apart: the id type may be told only after the file.
    """

    def __init__(self) -> None:
        self.leaks = Leaks()
        self._ids: dict[int, set[str]] = {64: set(), 32: set()}
        self._rows = {64: 0, 32: 0}

    def feed(self, lines: bytes) -> None:
        """Read whole lines; the last one may lack its newline only at the end of the file."""
        for width in self._ids:
            if _are_ids(lines, width):
                self._add(width, lines.decode().lower().split("\n")[:-1])
                return
        for line in lines.removesuffix(b"\n").split(b"\n"):
            self._line(line)

    def _add(self, width: int, ids: list[str]) -> None:
        self._ids[width].update(ids)
        self._rows[width] += len(ids)

    def _line(self, line: bytes) -> None:
        if len(line) in self._ids and _HEX.fullmatch(line):
            self._add(len(line), [line.decode().lower()])
        else:
            self.leaks.note(line)

    def reading(self, width: int) -> Reading:
        """Return what the file is as ids of `width` hex characters; may be asked for once."""
        self.leaks.unmatched += self._rows[96 - width]
        rows = self._rows[width] + self.leaks.unmatched
        return Reading(frozenset(self._ids[width]), rows=rows, leaks=self.leaks)


class TableLines:
    """MULTIPLE_TYPES: a header of known names, then rows with as many fields as it has."""

    def __init__(self, header: bytes) -> None:
        self.leaks = Leaks()
        self._rows = 0
        self._fault: RefusalError | None = None
        self._columns = header_columns(header)
        self._ids: set[str] = set()
        if not self._columns:
            self._fault = RefusalError(
                FILE_HEADER_BAD, "The file header is missing or not supported."
            )

    def feed(self, lines: bytes) -> None:
        """Read whole lines; the first row with a wrong number of fields spoils the file."""
        if self._fault:
            return
        for line in lines.removesuffix(b"\n").split(b"\n"):
            self._row(line.split(b","))

    def _row(self, cells: list[bytes]) -> None:
        self._rows += 1
        if len(cells) != len(self._columns):
            self._fault = RefusalError(FILE_ROW_BAD, f"Row {self._rows} has {len(cells)} fields.")
            return
        digests = [_digest(name, cell) for name, cell in zip(self._columns, cells, strict=True)]
        named = zip(self._columns, digests, strict=True)
        self._ids.update(f"{name}:{digest}" for name, digest in named if digest)
        if not any(digests):
            self.leaks.note(b",".join(cells))

    def reading(self) -> Reading:
        """Return what the file is; may be asked for once. A bad header or row is a RefusalError."""
        if self._fault:
            raise self._fault
        return Reading(frozenset(self._ids), rows=self._rows, leaks=self.leaks)


def header_columns(header: bytes) -> list[str]:
    """Return the columns a header names, in the contract's spelling; empty if it is not good."""
    names = [cell.decode("latin-1").lower() for cell in header.split(b",")]
    if not set(names) <= set(_COLUMNS) or any(names.count(n) > _MOST_REPEATS for n in names):
        return []
    return [_COLUMNS[name] for name in names]


def _are_ids(lines: bytes, width: int) -> bool:
    """Tell of a whole block at once whether each of its lines is an id of `width` characters."""
    count, rest = divmod(len(lines), width + 1)
    if rest or lines[width :: width + 1] != b"\n" * count:
        return False
    return _HEX.fullmatch(lines.translate(None, b"\n")) is not None


def _width(column: str) -> int:
    return 32 if column == "MAID_MD5" else 64


def _digest(column: str, cell: bytes) -> str:
    if column == "MAID" and cell:
        return hashlib.sha256(cell.lower()).hexdigest()
    if len(cell) == _width(column) and _HEX.fullmatch(cell):
        return cell.decode().lower()
    return ""
