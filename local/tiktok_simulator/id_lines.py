"""The two ways a file of ids is read: one id a line, or a table of several kinds (section 2)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from local.tiktok_simulator.answers import Code, RefusalError

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
    lines = "".join(f"{one}\n" for one in hexes).lower()
    if hexes and not any(_are_ids(lines.encode(), width) for width in (64, 32)):
        raise ValueError("ids must all be 64 (SHA-256) or all 32 (MD5) hex characters")
    return frozenset(lines.split())


@dataclass(slots=True)
class Reading:
    """What a file holds: its distinct ids, and counts of lines: all, and those that are no id."""

    ids: set[str] = field(default_factory=set)
    rows: int = 0
    unmatched_rows: int = 0
    raw_emails: int = 0
    raw_phones: int = 0

    def counts(self) -> dict[str, object]:
        """Return all but the ids, by name."""
        names = ("rows", "unmatched_rows", "raw_emails", "raw_phones")
        return {name: getattr(self, name) for name in names} | {"distinct_ids": len(self.ids)}

    def take(self, rows: int, ids: list[str]) -> None:
        """Count so many lines with these ids."""
        self.rows += rows
        self.ids.update(ids)

    def leave_out(self, line: bytes) -> None:
        """Count a line that is no id, by what it looks like."""
        self.rows += 1
        self.unmatched_rows += 1
        self.raw_emails += b"@" in line
        self.raw_phones += _RAW_PHONE.fullmatch(line) is not None


def read_plain(blocks: Iterable[bytes], width: int) -> Reading:
    r"""One id of `width` hex characters a line, upper and lower case the same; `\n` ends it.

    Any other line (a header, a blank, a `\r` at the end, quotes) is a row that matches nobody.
    """
    reading = Reading()
    for block in blocks:
        if _are_ids(block, width):
            ids = block.decode().lower().split("\n")[:-1]
            reading.take(len(ids), ids)
            continue
        for line in _lines(block):
            if len(line) == width and _HEX.fullmatch(line):
                reading.take(1, [line.decode().lower()])
            else:
                reading.leave_out(line)
    return reading


def read_table(blocks: Iterable[bytes]) -> Reading:
    """MULTIPLE_TYPES: a header of known names, then rows with as many fields as it has.

    A bad header, and the first row with another number of fields, are a RefusalError.
    """
    lines = (line for block in blocks for line in _lines(block))
    columns = _columns(next(lines, b""))
    reading = Reading()
    for number, line in enumerate(lines, 1):
        cells = line.split(b",")
        if len(cells) != len(columns):
            raise RefusalError(Code.FILE_ROW_BAD, f"Row {number} has {len(cells)} fields.")
        digests = [(name, _digest(name, c)) for name, c in zip(columns, cells, strict=True)]
        ids = [f"{name}:{digest}" for name, digest in digests if digest]
        if ids:
            reading.take(1, ids)
        else:
            reading.leave_out(line)
    return reading


def _lines(block: bytes) -> list[bytes]:
    return block.removesuffix(b"\n").split(b"\n")


def _columns(header: bytes) -> list[str]:
    """Return the columns a header names, in the contract's spelling."""
    names = [cell.decode("latin-1").lower() for cell in header.split(b",")]
    if not set(names) <= set(_COLUMNS) or any(names.count(n) > _MOST_REPEATS for n in names):
        raise RefusalError(Code.FILE_HEADER_BAD, "The file header is missing or not supported.")
    return [_COLUMNS[name] for name in names]


def _are_ids(lines: bytes, width: int) -> bool:
    """Tell of a whole block at once whether each of its lines is an id of `width` characters."""
    count, rest = divmod(len(lines), width + 1)
    if rest or lines[width :: width + 1] != b"\n" * count:
        return False
    return _HEX.fullmatch(lines.translate(None, b"\n")) is not None


def _digest(column: str, cell: bytes) -> str:
    if column == "MAID" and cell:
        return hashlib.sha256(cell.lower()).hexdigest()
    width = 32 if column == "MAID_MD5" else 64
    return cell.decode().lower() if len(cell) == width and _HEX.fullmatch(cell) else ""
