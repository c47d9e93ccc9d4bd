"""A raw list as records: any CSV, however it is encoded, delimited and packed."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.chunks import whole_lines
from audience_uploader.rows.decoding import decoded

from audiencectl.errors import Refusal

if TYPE_CHECKING:
    from _csv import Reader

_BLOCK_BYTES = 1 << 20
_MOST_BYTES = 1 << 40
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200

Advance = Callable[[int], None]


def file_blocks(path: Path, advance: Advance) -> Iterator[bytes]:
    """Yield a file's bytes, telling how many were read."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block
            advance(len(block))


def open_table(path: Path, advance: Advance) -> "Reader":
    """Return the records of a file; `line_num` is the line that the last one ended on.

    Bytes that are no UTF-8 come as surrogates, for `readable` to make sense of. Raises Refusal for
    what is no CSV.
    """
    lines = _lines(path, advance)
    sample = [line for _, line in zip(range(_SAMPLE_LINES), lines, strict=False)]
    delimiter = _delimiter(sample)
    if sample and sample[0].strip().lower() == f"sep={delimiter}":
        sample[0] = "\n"  # Excel's way of naming the delimiter: keeps the count of lines right
    return csv.reader(chain(sample, lines), delimiter=delimiter)


def readable(cell: str) -> str:
    """Return a cell whose bytes were not UTF-8 as Western Windows text, and any other as it is."""
    if cell.isascii():
        return cell
    data = cell.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _lines(path: Path, advance: Advance) -> Iterator[str]:
    try:
        for block in whole_lines(decoded(file_blocks(path, advance), most=_MOST_BYTES)):
            if b"\r" in block:
                block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            yield from io.StringIO(block.decode("utf-8", "surrogateescape"), newline="\n")
    except DropRefused as refusal:
        raise Refusal(refusal.message) from None


def _delimiter(sample: list[str]) -> str:
    """Return the delimiter that gives most lines the same number of cells, and more than one."""
    return max(_DELIMITERS, key=lambda mark: _agreeing(sample, mark))


def _agreeing(sample: list[str], mark: str) -> int:
    lines = [line for line in sample if line.strip() and not line.lower().startswith("sep=")]
    if lines and sample[0].strip().lower() == f"sep={mark}":
        return len(sample) + 1
    try:
        widths = [len(record) for record in csv.reader(lines, delimiter=mark)]
    except csv.Error:
        return 0
    return sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
