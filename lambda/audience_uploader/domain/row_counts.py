"""What became of a drop's lines, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

LINES_SHOWN = 5

BLANK = "blank"
RAW_EMAIL = "raw_email"
RAW_PHONE = "raw_phone"
MD5 = "md5"
WRONG_LENGTH = "wrong_length"
NOT_HEX = "not_hex"
HASH_OF_NOTHING = "hash_of_nothing"
MISSING_COLUMN = "missing_column"


@dataclass(slots=True)
class Rejected:
    """How many lines were kept back for one reason, and the one-based numbers of the first five."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, lines: Sequence[int]) -> None:
        """Count lines by their one-based numbers, ascending, above those counted before."""
        self.count += len(lines)
        self.lines.extend(lines[: LINES_SHOWN - len(self.lines)])


@dataclass(slots=True)
class RowCounts:
    """What became of a drop's lines; read == valid + invalid + header, block by block.

    `read` counts the lines, `header` is 1 where one of them names the columns, `rejected` holds
    the lines kept back, by reason. `other_type` is True where the header calls the identifier one
    of another format than the key's.
    """

    read: int = 0
    valid: int = 0
    rejected: dict[str, Rejected] = field(default_factory=dict)
    header: int = 0
    other_type: bool = False

    @property
    def invalid(self) -> int:
        """The number of lines kept back, whatever the reason."""
        return sum(rejected.count for rejected in self.rejected.values())

    @property
    def raw_identifiers(self) -> bool:
        """True if e-mail addresses or phone numbers were seen that nobody had hashed."""
        return RAW_EMAIL in self.rejected or RAW_PHONE in self.rejected

    def reject(self, reason: str, *, lines: Sequence[int]) -> None:
        """Count lines as kept back, by their one-based numbers, ascending."""
        self.rejected.setdefault(reason, Rejected()).add(lines)
