"""Why a line stays home: the one definition of a valid identifier, and a word for each fault."""

import re

from audience_uploader.domain.row_counts import (
    BLANK,
    HASH_OF_NOTHING,
    MD5,
    NOT_HEX,
    RAW_EMAIL,
    RAW_PHONE,
    WRONG_LENGTH,
)
from audience_uploader.rows.placeholder_hashes import HASHES_OF_NOTHING

HASH_CHARACTERS = 64
HEX = b"0123456789abcdefABCDEF"


_EMAIL = re.compile(rb"[^@\s]@[^@\s]")
_PHONE = re.compile(rb"\+?[0-9 ().\-/]+")
_PHONE_SEPARATORS = b"+ ().-/"
_PHONE_DIGITS = range(7, 16)  # E.164 has at most 15
_MAY_BE_DRESSED = frozenset((b'"', b"'", b"\xef"))


def bare(cell: bytes) -> bytes:
    """Return the cell without the blanks, byte order mark and quotes around it."""
    text = cell.strip()
    if text[:1] not in _MAY_BE_DRESSED:
        return text
    text = text.removeprefix(b"\xef\xbb\xbf").strip()
    if len(text) > 1 and text[:1] in (b'"', b"'") and text[-1:] == text[:1]:
        return text[1:-1].strip()
    return text


def fault_of(text: bytes) -> str:
    """Return why a bare cell isn't a valid identifier, or "" for one that is.

    Valid is exactly this: 64 hex digits of either case that aren't the hash of nothing.
    """
    if text.translate(None, HEX):
        return _fault_of_other_text(text)
    length = len(text)
    if length == HASH_CHARACTERS:
        return HASH_OF_NOTHING if text.lower() in HASHES_OF_NOTHING else ""
    if length == 0:
        return BLANK
    if length in _PHONE_DIGITS and text.isdigit():
        return RAW_PHONE
    return MD5 if length == 32 else WRONG_LENGTH


def _fault_of_other_text(text: bytes) -> str:
    if b"@" in text and _EMAIL.search(text):
        return RAW_EMAIL
    if _PHONE.fullmatch(text) and len(text.translate(None, _PHONE_SEPARATORS)) in _PHONE_DIGITS:
        return RAW_PHONE
    return NOT_HEX
