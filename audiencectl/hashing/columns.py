"""Which columns hold which kind of identifier: named by the person, or found by the header."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audience_uploader.rows.header_names import UNNAMED, is_hashed, rank_of

from audiencectl.errors import WrongUse

KINDS = ("email", "phone", "device")
FORMATS = {"email": "email_sha256", "phone": "phone_sha256", "device": "first_sha256"}

# A header that says "first" means a first name here, so FIRST_SHA256 is not asked.
_TYPES = {
    "email": ("EMAIL_SHA256",),
    "phone": ("PHONE_SHA256",),
    "device": ("IDFA_SHA256", "GAID_SHA256"),
}
_IDENTIFIER = re.compile(r"[^@\s]@[^@\s]|(?:\d\D{0,3}){7}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
_SHOWABLE = re.compile(r"[^\W\d][\w .()/#:\-]{0,47}")


@dataclass(frozen=True, slots=True)
class Columns:
    """The zero-based columns of each kind; `width` is the cells of a record.

    `header` is True where the first record names the columns.
    """

    by_kind: Mapping[str, tuple[int, ...]]
    width: int
    header: bool
    names: tuple[str, ...]

    def label(self, column: int) -> str:
        """Return what a column is called, or its number where there is no header."""
        return self.names[column] if self.header else str(column + 1)


def choose(first: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> Columns:
    """Return the columns for a file whose first record is `first`.

    `wanted` names columns by kind, by name or by number from 1; where it is empty the header
    decides. Raises WrongUse for a column that is not there, or where nothing is found.
    """
    header = not any(_IDENTIFIER.search(cell) for cell in first)
    names = tuple(cell.strip() for cell in first)
    if any(wanted.values()):
        by_kind = {
            kind: tuple(dict.fromkeys(_named(name, names, header) for name in wanted[kind]))
            for kind in KINDS
            if wanted.get(kind)
        }
    else:
        by_kind = {kind: found for kind in KINDS if header and (found := _found(names, kind))}
    if not by_kind:
        raise WrongUse(f"{_what_is_there(names, header)} Say which: --email, --phone or --device.")
    return Columns(by_kind, len(first), header, names)


def _named(name: str, names: Sequence[str], header: bool) -> int:
    if header:
        for spelt in (str.strip, _folded):
            alike = [n for n, own in enumerate(names) if spelt(own) == spelt(name)]
            if alike:
                return alike[0]
    if name.isdecimal() and 1 <= int(name) <= len(names):
        return int(name) - 1
    raise WrongUse(f"There is no column {name!r}. {_what_is_there(names, header)}")


def _folded(name: str) -> str:
    return name.strip().casefold()


def _found(names: Sequence[str], kind: str) -> tuple[int, ...]:
    """Return the columns whose names mean the kind; hashed ones only where there are no raw."""
    alike = [
        column
        for column, name in enumerate(names)
        if any(rank_of(name, of_type) != UNNAMED for of_type in _TYPES[kind])
    ]
    raw = [column for column in alike if not is_hashed(names[column])]
    return tuple(raw or alike)


def _what_is_there(names: Sequence[str], header: bool) -> str:
    if not header:
        return "The first line is no header: name the column by its number, such as --email 1."
    shown = [
        name if _SHOWABLE.fullmatch(name) else f"(column {n})" for n, name in enumerate(names, 1)
    ]
    return f"The file's columns are: {', '.join(shown)}."
