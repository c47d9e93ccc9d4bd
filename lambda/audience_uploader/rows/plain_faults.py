"""The most frequent faults of a cell, each told by one match: as validation.py, but quickly."""

import re
from functools import lru_cache

from audience_uploader.domain.row_counts import (
    BLANK,
    MD5,
    NOT_HEX,
    RAW_EMAIL,
    RAW_PHONE,
    SHA1,
    SHA224,
    SHA384,
    SHA512,
    WRONG_LENGTH,
)
from audience_uploader.rows.other_forms import HASH_CHARACTERS

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


def plain_faults(cells: list[bytes], text: bytes) -> list[str | None]:
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
