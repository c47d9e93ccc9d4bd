"""Hashes that match nobody: of nothing, of the words that stand for nothing, of header words.

They come from exports that hash a missing value, or the header row, along with the rest.
"""

import hashlib
import re
from binascii import unhexlify
from collections.abc import Iterator
from functools import cache

from audience_uploader.rows.clean_rows import ROW_BYTES
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

# Bytes that would begin a surrogate, which UTF-16 takes in pairs only, become others.
_NO_SURROGATES = bytes(byte - 8 if 0xD8 <= byte <= 0xDF else byte for byte in range(256))


def _fingerprints(rows: bytes) -> str:
    """Return a character per row, made of nearly all 16 bits of its first four hex digits."""
    digits = bytearray(len(rows) // ROW_BYTES * 4)
    for place in range(4):
        digits[place::4] = rows[place::ROW_BYTES]
    return unhexlify(digits).translate(_NO_SURROGATES).decode("utf-16-le")


@cache
def _suspects() -> re.Pattern[str]:
    """Return what picks out rows that may be known; made when first needed, as it takes a while."""
    known = _fingerprints(b"\n".join(HASHES_OF_NOTHING) + b"\n")
    return re.compile(f"[{''.join(map(re.escape, set(known)))}]")


def holds_nothing(rows: bytes) -> bool:
    """Tell whether a row is the hash of nothing; `rows` are 64 lower hex digits and LF each.

    Exact: fingerprints pick out two rows in a hundred, and those are compared in full. That
    is several times as fast as looking up every row.
    """
    for suspect in _suspects().finditer(_fingerprints(rows)):
        start = suspect.start() * ROW_BYTES
        if rows[start : start + ROW_BYTES - 1] in HASHES_OF_NOTHING:
            return True
    return False
