"""The records among many that aren't plainly valid: the most frequent faults told by one match."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from audience_uploader.domain.row_counts import (
    BLANK,
    LINES_SHOWN,
    MD5,
    NOT_HEX,
    RAW_EMAIL,
    RAW_PHONE,
    SHA1,
    SHA224,
    SHA384,
    SHA512,
    WRONG_LENGTH,
    RowCounts,
)
from audience_uploader.rows.csv_cells import Record
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import read_record
from audience_uploader.rows.other_forms import HASH_CHARACTERS, HEX
from audience_uploader.rows.placeholder_hashes import HASHES_OF_NOTHING
from audience_uploader.rows.second_header import may_be_heading

_BY_LENGTH = {
    0: BLANK,
    HASH_CHARACTERS: None,
    32: MD5,
    40: SHA1,
    56: SHA224,
    96: SHA384,
    128: SHA512,
}
_PHONE_DIGITS = range(7, 16)  # E.164 has at most 15
_RAW, _HEX = frozenset((RAW_EMAIL, RAW_PHONE)), "hex"
_KIND = re.compile(
    rb"(?:(?P<%b>[0-9a-fA-F]*)|(?P<%b>[a-zA-Z0-9][!#-&(-?A-~]*@[!#-&(-?A-~]+)"
    rb"|(?P<%b>\+[0-9]{7,15})|[^\n]*)\n"
    % tuple(name.encode() for name in (_HEX, RAW_EMAIL, RAW_PHONE))
)
# a text that is too short for, or has too few digits for, anything raw or another form of a hash
_SHORT = re.compile(rb"[!#-$&(-*,-?A-~](?:[ !#-$&(-*,-?A-~]{0,4}[!#-$&(-*,-?A-~])?")
_WORDS = re.compile(
    rb"(?=[ -~]{1,42}\Z)(?=[!-~]*[g-zG-Z])(?![ -~]*[eE][+0-9])"
    rb"[a-zA-Z/#](?:[ !#-$&(-/:-?A-~]*[0-9]){0,6}[ !#-$&(-/:-?A-~]*"
)


_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)


def is_plainly_valid(cell: bytes) -> bool:
    """Tell whether a cell is 64 hex digits that aren't the hash of nothing."""
    return (
        len(cell) == HASH_CHARACTERS
        and not cell.translate(None, HEX)
        and cell.lower() not in HASHES_OF_NOTHING
    )


def read_closely(
    cells: list[bytes],
    lines: Sequence[int],
    cells_of: Callable[[int], list[bytes]],
    layout: Layout,
    counts: RowCounts,
) -> list[bytes]:
    """Return the identifiers of records by one cell of each, b"" for none, and count the records.

    The result and the counts are those of read_record. `lines` are their line numbers, `cells_of`
    gives all cells of one of them. The faults that are most frequent are told by one match.
    """
    if len(layout.columns) > 1:
        return [
            b"\n".join(read_record(Record(cells_of(at), 0, 1), line, layout, counts))
            for at, line in enumerate(lines)
        ]
    text = b"\n".join([*cells, b""])
    reasons = _plain_faults(cells, text)
    if layout.width == 1:
        counts.empty += reasons.count(BLANK)
        mark = layout.dialect.delimiter
        if mark in text:
            reasons = [
                None if mark in cell else reason
                for cell, reason in zip(cells, reasons, strict=True)
            ]
    elif BLANK in reasons:  # the whole record may be blank
        reasons = [None if reason == BLANK else reason for reason in reasons]
    if layout.headings and NOT_HEX in reasons:
        reasons = [
            None if reason == NOT_HEX and may_be_heading(cell, layout) else reason
            for cell, reason in zip(cells, reasons, strict=True)
        ]
    found = [b""] * len(cells)
    for at, reason in enumerate(reasons):
        if reason is None:
            found[at], reasons[at] = _read_one(cells_of(at), lines[at], layout, counts)
    counts.read += len(cells)
    for reason, count in Counter(reasons).items():
        if reason:
            _reject(reason, count, reasons, lines, counts)
    return found


def _plain_faults(cells: list[bytes], text: bytes) -> list[str | None]:
    """Return for each cell the reason that validation.py gives, if that is plain, else None.

    `text` is the cells, each with LF after it: a match for each is quicker than a call for each.
    """
    kinds = [match.lastgroup for match in _KIND.finditer(text)]
    return [
        kind if kind in _RAW else _hex_fault(cell) if kind == _HEX else _words_fault(cell)
        for kind, cell in zip(kinds, cells, strict=True)
    ]


def _hex_fault(cell: bytes) -> str | None:
    length = len(cell)
    if length in _PHONE_DIGITS and cell.isdigit():
        return RAW_PHONE
    return _BY_LENGTH.get(length, WRONG_LENGTH)


def _words_fault(cell: bytes) -> str | None:
    return _fault_of_words(cell.translate(_ONE_DIGIT))


@lru_cache(maxsize=1024)
def _fault_of_words(cell: bytes) -> str | None:
    """Return NOT_HEX if that is plain whatever the digits are; the same words come often."""
    return NOT_HEX if _SHORT.fullmatch(cell) or _WORDS.fullmatch(cell) else None


def _read_one(
    cells: list[bytes], line: int, layout: Layout, counts: RowCounts
) -> tuple[bytes, str]:
    """Return the identifier of a record, or b"" and the reason, which isn't counted yet."""
    one = RowCounts()
    identifiers = read_record(Record(cells, 0, 1), line, layout, one)
    counts.valid += one.valid
    counts.empty += one.empty
    for form in one.converted:
        counts.convert(form)
    return b"".join(identifiers), next(iter(one.rejected), "")


def _reject(
    reason: str,
    count: int,
    reasons: Sequence[str | None],
    lines: Sequence[int],
    counts: RowCounts,
) -> None:
    known = counts.rejected.get(reason)
    if known is not None and len(known.lines) == LINES_SHOWN:
        known.count += count
        return
    counts.reject(
        reason, lines=[line for line, own in zip(lines, reasons, strict=True) if own == reason]
    )
