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
_MOST_LINES = 100  # of one record; more is a quote that nobody meant
_END = "\0end\0"  # comes as a record of its own, unless a quote is still open

Advance = Callable[[int], None]


def file_blocks(path: Path, advance: Advance) -> Iterator[bytes]:
    """Yield a file's bytes, telling how many were read."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block
            advance(len(block))


def records(path: Path, advance: Advance) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a file, each with the number of the line that it begins on.

    Bytes that are no UTF-8 come as surrogates, for `readable` to make sense of. Raises Refusal for
    what is no CSV, and for a quote that is opened and not closed, which would swallow other rows.
    """
    reader = _reader(_lines(path, advance))
    line = 1
    try:
        for record in reader:
            if record == [_END]:
                return
            if reader.line_num - line > _MOST_LINES or (record and _END in record[-1]):
                break
            yield line, record
            line = reader.line_num + 1
    except csv.Error:
        pass  # a cell larger than any is
    raise Refusal(
        f"Line {line}: a quote opens a cell there and is not closed. Correct it and try again. "
        "Nothing was written."
    )


def _reader(lines: Iterator[str]) -> "Reader":
    sample = [line for _, line in zip(range(_SAMPLE_LINES), lines, strict=False)]
    delimiter = _delimiter(sample)
    if sample and sample[0].strip().lower() == f"sep={delimiter}":
        sample[0] = "\n"  # Excel's way of naming the delimiter: keeps the count of lines right
    return csv.reader(chain(sample, lines, ["\n", _END]), delimiter=delimiter)


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
