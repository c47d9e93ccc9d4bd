"""What became of a drop's lines, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audience_uploader.rows.rejects import RAW_EMAIL, RAW_PHONE, Rejected


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
