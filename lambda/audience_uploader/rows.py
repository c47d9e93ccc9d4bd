"""A drop's blocks in, its valid identifiers out: one lower-case hash a line, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from audience_uploader.cells import cells_of
from audience_uploader.columns import Layout, layout_of
from audience_uploader.content import decoded
from audience_uploader.errors import DropRefused
from audience_uploader.lines import LONGEST_LINE_BYTES, whole_lines
from audience_uploader.rejects import (
    BLANK,
    MISSING_COLUMN,
    RAW_EMAIL,
    RAW_PHONE,
    WRONG_LENGTH,
    Rejected,
    bare,
    fault_of,
)

ROW_BYTES = 65
LIMIT_BYTES = 5_000_000_000
_UNPACKED_TO_LIMIT = 4  # a gzip may unpack to so many times the limit: room for other columns


@dataclass(slots=True)
class RowCounts:
    """What became of a drop's lines; read == valid + invalid + header, at every moment.

    `read` counts the lines, `header` is 1 where the first of them names the columns, `rejected`
    holds the lines kept back, by reason.
    """

    read: int = 0
    valid: int = 0
    rejected: dict[str, Rejected] = field(default_factory=dict)
    header: int = 0

    @property
    def invalid(self) -> int:
        """The number of lines kept back, whatever the reason."""
        return sum(rejected.count for rejected in self.rejected.values())

    @property
    def raw_identifiers(self) -> bool:
        """True if e-mail addresses or phone numbers were seen that nobody had hashed."""
        return RAW_EMAIL in self.rejected or RAW_PHONE in self.rejected

    def reject(self, reason: str, *, line: int) -> None:
        """Count one line, of this one-based number, as kept back."""
        self.rejected.setdefault(reason, Rejected()).add(line)


def scrub(
    blocks: Iterable[bytes], calculate_type: str, counts: RowCounts, *, limit: int = LIMIT_BYTES
) -> Iterator[bytes]:
    r"""Yield blocks of whole lines, each exactly 64 lower-case hex digits and b"\n".

    Every valid line leaves once and in order; `counts` is filled as it goes. What comes out, and
    what is counted, depends on the content alone, not on where `blocks` are cut. Memory is flat.
    Raises DropRefused: `unsupported_content`, `ambiguous_columns` (both before the first block),
    `damaged_gzip`, and `too_big` over `limit` bytes of rows or four times that out of a gzip.
    A drop without any valid line is not an error here.
    """
    texts = whole_lines(decoded(blocks, most=limit * _UNPACKED_TO_LIMIT))
    sample = next(texts, b"")
    layout = layout_of(sample, calculate_type)
    for text in chain([sample] if sample else [], texts):
        rows = read_line_by_line(text, layout, counts)
        if counts.valid * ROW_BYTES > limit:
            raise DropRefused(
                "too_big",
                f"The drop holds more than {limit:,} bytes of identifiers: split it into several "
                "files and drop those.",
            )
        if rows:
            yield rows


def read_line_by_line(text: bytes, layout: Layout, counts: RowCounts) -> bytes:
    r"""Return the valid identifiers of whole lines: the plain definition of all that scrub does.

    `text` ends in b"\n", and its lines follow those that `counts` has already read.
    """
    rows = []
    for line in text[:-1].split(b"\n"):
        counts.read += 1
        if counts.read == layout.header_line:
            counts.header = 1
        elif fault := line_fault(line, layout):
            counts.reject(fault, line=counts.read)
        else:
            counts.valid += 1
            rows.append(bare(cells_of(line, layout.delimiter)[layout.column]).lower() + b"\n")
    return b"".join(rows)


def line_fault(line: bytes, layout: Layout) -> str:
    """Return why a line isn't sent, or "" for one that is."""
    if len(line) > LONGEST_LINE_BYTES:
        return WRONG_LENGTH
    cells = cells_of(line, layout.delimiter)
    if len(cells) > layout.column:
        return fault_of(bare(cells[layout.column]))
    return MISSING_COLUMN if bare(line) else BLANK
