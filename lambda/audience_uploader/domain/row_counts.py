"""What became of a drop's rows, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LINES_SHOWN = 5

BLANK = "blank"
RAW_EMAIL = "raw_email"
RAW_PHONE = "raw_phone"
RAW_DEVICE = "raw_device"
MD5 = "md5"
SHA1 = "sha1"
SHA224 = "sha224"
SHA384 = "sha384"
SHA512 = "sha512"
WRONG_LENGTH = "wrong_length"
NOT_HEX = "not_hex"
HASH_OF_NOTHING = "hash_of_nothing"
WRONG_CELL_COUNT = "wrong_cell_count"
BROKEN_QUOTES = "broken_quotes"


@dataclass(slots=True)
class Rejected:
    """How many rows were kept back for one reason, and the one-based numbers of the first five."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, lines: Sequence[int]) -> None:
        """Count rows by their one-based line numbers, ascending, above those counted before."""
        self.count += len(lines)
        self.lines.extend(lines[: LINES_SHOWN - len(self.lines)])


@dataclass(slots=True)
class RowCounts:
    """What became of a drop's rows.

    `read` counts rows: the lines of a list, the records of a table (one may go over several
    lines), and `header`, 1 where one of them names the columns. What stands above the table
    (`sep=;`, comments, a title) is no row. `rejected` holds what was kept back, by reason, with
    the numbers of the lines it began on. Where one column is meant,
    read == valid + invalid + header. Where several are, each of their cells is counted as valid
    or rejected for itself, blank ones only where all of the row's are.

    `converted` counts the valid ones that weren't written as 64 hex digits, by how they were
    written. `distinct` is the number of different valid ones, exact unless `distinct_is_estimate`.
    `empty` counts the rows that hold nothing at all; they are among the blank ones. `columns` are
    the names that the header gives, as they may be shown to a person. `other_type` is True where
    the header calls the identifier one of another format than the key's. `lines` counts the lines.
    """

    read: int = 0
    valid: int = 0
    rejected: dict[str, Rejected] = field(default_factory=dict)
    header: int = 0
    other_type: bool = False
    converted: dict[str, int] = field(default_factory=dict)
    distinct: int = 0
    distinct_is_estimate: bool = False
    empty: int = 0
    lines: int = 0
    columns: tuple[str, ...] = field(default=(), repr=False)

    @property
    def invalid(self) -> int:
        """The number of rows kept back, whatever the reason."""
        return sum(rejected.count for rejected in self.rejected.values())

    @property
    def holds_no_row(self) -> bool:
        """True if there is nothing but a header and empty lines, or not even that."""
        return self.read == self.header + self.empty

    @property
    def raw_identifiers(self) -> bool:
        """True if e-mail addresses, phone numbers or device ids were seen unhashed."""
        return not self.rejected.keys().isdisjoint((RAW_EMAIL, RAW_PHONE, RAW_DEVICE))

    def reject(self, reason: str, *, lines: Sequence[int]) -> None:
        """Count rows as kept back, by their one-based line numbers, ascending."""
        self.rejected.setdefault(reason, Rejected()).add(lines)

    def convert(self, form: str, *, count: int = 1) -> None:
        """Count valid identifiers that were written in another form."""
        self.converted[form] = self.converted.get(form, 0) + count


def rows_json(counts: RowCounts) -> dict[str, Any]:
    """Return the figures of a drop's rows; first line numbers, and no content.

    Lines read = header + valid + rejected by reason.
    """
    rejected = {
        reason: {"count": found.count, "first_lines": list(found.lines)}
        for reason, found in counts.rejected.items()
    }
    about = {"distinct_is_estimate": True} if counts.distinct_is_estimate else {}
    return {
        "read": counts.read,
        "header": counts.header,
        "valid": counts.valid,
        "distinct": counts.distinct,
        **about,
        "rejected": rejected,
        "converted": dict(counts.converted),
    }
