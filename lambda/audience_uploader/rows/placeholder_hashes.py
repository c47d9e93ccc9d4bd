"""Hashes that match nobody: of nothing, of the words that stand for nothing, of header words.

They come from exports that hash a missing value, or the header row, along with the rest.
"""

import hashlib
import re
from binascii import unhexlify
from collections.abc import Iterator

from audience_uploader.rows.placeholder_words import headers, nothings


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _known() -> Iterator[str]:
    """Yield the hashes of nothing and of header words, and of the usual ones hashed twice."""
    yield from map(_hash, (*nothings(), *headers()))
    for nothing in _HASHED_TWICE:
        once = _hash(nothing)
        yield from (_hash(once), _hash(once.upper()))


_HASHED_TWICE = ("", " ", "+", "0", "-", "null", "NULL", "None", "none", "nan", "NaN", "undefined")

HASHES_OF_NOTHING = frozenset(known.encode() for known in _known())

_ROW_BYTES = 65
_SEVEN_BITS = bytes(byte & 0x7F for byte in range(256))


def _fingerprints(rows: bytes) -> str:
    """Return a character per row, made of 15 bits of its first four hex digits.

    With the top bit cleared, no character is a surrogate, so none are paired.
    """
    digits = bytearray(len(rows) // _ROW_BYTES * 4)
    for place in range(4):
        digits[place::4] = rows[place::_ROW_BYTES]
    pairs = bytearray(unhexlify(digits))
    pairs[1::2] = pairs[1::2].translate(_SEVEN_BITS)
    return pairs.decode("utf-16-le")


_SUSPECT = re.compile(
    "[" + "".join({re.escape(_fingerprints(known + b"\n")) for known in HASHES_OF_NOTHING}) + "]"
)


def holds_nothing(rows: bytes) -> bool:
    """Tell whether a row is the hash of nothing; `rows` are 64 lower hex digits and LF each.

    Exact: fingerprints pick out some rows in a hundred, and those are compared in full. That
    is several times as fast as looking up every row.
    """
    for suspect in _SUSPECT.finditer(_fingerprints(rows)):
        start = suspect.start() * _ROW_BYTES
        if rows[start : start + _ROW_BYTES - 1] in HASHES_OF_NOTHING:
            return True
    return False
