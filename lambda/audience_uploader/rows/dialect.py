"""How a drop's cells are set apart and quoted: decided once, on its first lines."""

import re
from collections import Counter
from collections.abc import Sequence

from audience_uploader.rows.csv_cells import Records
from audience_uploader.rows.header_names import is_header_word
from audience_uploader.rows.quoting import DELIMITERS, Dialect
from audience_uploader.rows.validation import is_hash

CTRL_A = b"\x01"  # what Hive sets cells apart with
_RARE_DELIMITERS = (b" ", b"~", b"^", b":")  # tried where the others uncover nothing
_SEP_LINE = re.compile(rb"[\"']?sep=(.)[\"']?", re.IGNORECASE | re.DOTALL)
_LINES = 400  # enough to tell one way of reading from another
_FEW_LINES = 50
_SHORTEST_HASH = 43


def dialect_of(lines: Sequence[bytes]) -> Dialect:
    """Return the dialect that uncovers hashes in the most records, all of one width."""
    lines = lines[:_LINES]
    if named := _named_delimiter(lines):
        return _quoting_of(lines[1:], named)
    present = _present(lines, (*DELIMITERS, CTRL_A))
    readings = [_quoting_of(lines, mark) for mark in present or DELIMITERS[:1]]
    rare = [mark for mark in _RARE_DELIMITERS if _names_by(lines[:1], mark)]
    if rare and not any(_hashes_found(lines[:_FEW_LINES], one) for one in readings):
        readings += [_quoting_of(lines, mark) for mark in rare]
    if len(readings) == 1:
        return readings[0]
    return max(readings, key=lambda one: (_hashes_found(lines, one), present.get(one.delimiter, 0)))


def _names_by(first: Sequence[bytes], mark: bytes) -> bool:
    """Tell whether the first line names an identifier's column if `mark` sets its cells apart."""
    names = [
        name.strip(b" \"'").decode("utf-8", "replace")
        for line in first
        for name in line.split(mark)
    ]
    return len(names) > 1 and any(map(is_header_word, names))


def is_sep_line(line: bytes) -> bool:
    """Tell whether this is the line by which Excel is told the delimiter, `sep=;`."""
    return bool(_SEP_LINE.fullmatch(line.strip(b" ")))


def _named_delimiter(lines: Sequence[bytes]) -> bytes:
    match = _SEP_LINE.fullmatch(lines[0].strip(b" ")) if lines else None
    return match[1] if match and not match[1].isalnum() else b""


def _present(lines: Sequence[bytes], marks: Sequence[bytes]) -> dict[bytes, int]:
    within = {mark: sum(mark in line.strip(b" \t") for line in lines) for mark in marks}
    return {mark: count for mark, count in within.items() if count}


def _quoting_of(lines: Sequence[bytes], delimiter: bytes) -> Dialect:
    text = b"\n".join(lines)
    usual = Dialect(delimiter)
    others = []
    if b'\\"' in text or b"\\" + delimiter in text:
        others.append(Dialect(delimiter, escape=b"\\"))
    if b"'" in text and b'"' not in text:
        others.append(Dialect(delimiter, quote=b"'"))
        if b"\\'" in text:
            others.append(Dialect(delimiter, quote=b"'", escape=b"\\"))
    if not others:
        return usual
    return max([usual, *others], key=lambda one: _regular(lines, one))


def _hashes_found(lines: Sequence[bytes], dialect: Dialect) -> int:
    return sum(
        any(len(cell) >= _SHORTEST_HASH and is_hash(cell) for cell in record.cells)
        for record in Records(lines, dialect, complete=True)
    )


def _regular(lines: Sequence[bytes], dialect: Dialect) -> int:
    """Return in how many lines there are whole records of the width that most lines have."""
    widths: Counter[int] = Counter()
    for record in Records(lines, dialect, complete=True):
        if not record.fault:
            widths[len(record.cells)] += record.lines
    return max(widths.values(), default=0)
