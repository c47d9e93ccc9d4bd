"""What the function would make of a file, by the function's own reading."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audience_uploader.domain.drop import DropKey
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.receipt import rows_json
from audience_uploader.domain.receipt_warnings import row_warnings
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows import scrub
from audience_uploader.rows.file_signatures import is_parquet
from audience_uploader.rows.parquet import scrub_parquet

from audiencectl.words import counted, lines_of

_BLOCK_BYTES = 1 << 20
_MAGIC_BYTES = 4

_SENT_AS_PARQUET = "This file would be sent by a deployment with parquet_support: true."

WOULD_SEND = "would_send"
WOULD_SKIP = "would_skip"
WOULD_REFUSE = "would_refuse"


@dataclass(slots=True)
class Finding:
    """What the function would do with a file, and what it found in it."""

    answer: str
    key: DropKey
    counts: RowCounts = field(default_factory=RowCounts)
    reason: str | None = None
    message: str | None = None

    @property
    def good(self) -> bool:
        """Whether the file would be sent."""
        return self.answer == WOULD_SEND

    def to_json(self) -> dict[str, Any]:
        """Return it as a program reads it; rows as a receipt shows them."""
        return {
            "answer": self.answer,
            "reason": self.reason,
            "message": self.message,
            "rows": rows_json(self.counts),
            "warnings": list(row_warnings(self.counts, self.key)),
        }

    def lines(self) -> Iterator[str]:
        """Yield it as a person reads it."""
        rows = rows_json(self.counts)
        yield f"{counted(rows['read'], 'row')} read, {rows['valid']:,} valid."
        if distinct := rows.get("distinct"):
            yield f"  {counted(distinct, 'different hash', 'different hashes')}"
        for form, count in (rows.get("converted") or {}).items():
            yield f"  converted, {form}: {count:,}"
        for reason, found in rows["rejected"].items():
            yield f"  left out, {reason}: {lines_of(found)}"
        yield from (f"  {warning}" for warning in row_warnings(self.counts, self.key))
        yield self.message or "This file would be sent."


def read_file(
    path: Path,
    key: DropKey,
    *,
    parquet: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> Finding:
    """Return what the function would make of a local file dropped at this key.

    `parquet` tells whether the deployment reads Parquet, which it refuses otherwise.
    """
    counts = RowCounts()
    columnar = parquet and is_parquet(_head(path))
    try:
        for _ in _rows(path, key.calculate_type, counts, columnar, advance):
            pass
    except DropRefused as refusal:
        return Finding(WOULD_REFUSE, key, counts, refusal.reason, refusal.message)
    if counts.valid:
        return Finding(WOULD_SEND, key, counts, message=_SENT_AS_PARQUET if columnar else None)
    if counts.holds_no_row:
        empty = "The file holds no row: it would be skipped."
        return Finding(WOULD_SKIP, key, counts, "no_rows", empty)
    return Finding(WOULD_REFUSE, key, counts, "no_valid_rows", _none_valid(counts))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAGIC_BYTES)


def _rows(
    path: Path, of_type: str, counts: RowCounts, columnar: bool, advance: Callable[[int], None]
) -> Iterator[bytes]:
    if columnar:
        return scrub_parquet(path, of_type, counts)
    return scrub(_blocks(path, advance), of_type, counts)


def _none_valid(counts: RowCounts) -> str:
    named = ", ".join([name for name in counts.columns if name][:20])
    columns = f" The file's columns are: {named}." if named else ""
    return (
        f"None of the {counts.read:,} rows is a SHA-256 hash of an identifier.{columns} "
        "Hash the list first: `audiencectl hash`."
    )


def _blocks(path: Path, advance: Callable[[int], None]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block
            advance(len(block))
