"""What a cell holds: the one definition of a valid identifier, and a word for each fault."""

from audience_uploader.domain.row_counts import (
    BLANK,
    HASH_OF_NOTHING,
    MD5,
    NOT_HEX,
    RAW_PHONE,
    SHA1,
    SHA224,
    SHA384,
    SHA512,
    WRONG_LENGTH,
)
from audience_uploader.rows.other_forms import HASH_CHARACTERS, HEX, converted
from audience_uploader.rows.placeholder_hashes import HASHES_OF_NOTHING
from audience_uploader.rows.raw_identifiers import raw_kind

__all__ = ["HASH_CHARACTERS", "HEX", "bare", "fault_of_hex", "identifier_in", "is_hash"]

_OTHER_HASHES = {32: MD5, 40: SHA1, 56: SHA224, 96: SHA384, 128: SHA512}
_PHONE_DIGITS = range(7, 16)  # E.164 has at most 15
_MAY_BE_DRESSED = frozenset((b'"', b"'", b"\xef"))
_BLANK_LOOKING = b"\xc2\xa0 \t\"'"


def bare(cell: bytes) -> bytes:
    """Return the cell without the blanks, byte order mark and quotes around it."""
    text = cell.strip()
    if text[:1] not in _MAY_BE_DRESSED:
        return text
    text = text.removeprefix(b"\xef\xbb\xbf").strip()
    if len(text) > 1 and text[:1] in (b'"', b"'") and text[-1:] == text[:1]:
        return text[1:-1].strip()
    return text


def identifier_in(cell: bytes) -> tuple[bytes, str, str]:
    """Return the identifier of a cell in lower case, or b""; why there is none; its odd form.

    Valid is exactly this: 64 hex digits of either case, or the same 32 bytes in a form that
    other_forms.py knows, that aren't the hash of nothing.
    """
    text = bare(cell)
    form = ""
    if len(text) != HASH_CHARACTERS or text.translate(None, HEX):
        digits, form = converted(text)
        if not digits:
            return b"", _fault_of(text), ""
        text = digits
    text = text.lower()
    return (b"", HASH_OF_NOTHING, "") if text in HASHES_OF_NOTHING else (text, "", form)


def is_hash(cell: bytes) -> bool:
    """Tell whether a cell reads as a SHA-256 hash, be it of anything and in any known form."""
    text = bare(cell)
    if len(text) == HASH_CHARACTERS and not text.translate(None, HEX):
        return True
    return bool(converted(text)[0])


def fault_of_hex(text: bytes) -> str:
    """Return why hex digits, of which there are not 64, are no identifier."""
    if len(text) in _PHONE_DIGITS and text.isdigit():
        return RAW_PHONE
    return _OTHER_HASHES.get(len(text), WRONG_LENGTH) if text else BLANK


def _fault_of(text: bytes) -> str:
    if not text.translate(None, HEX):
        return fault_of_hex(text)
    if not text.strip(_BLANK_LOOKING):
        return BLANK
    return raw_kind(text) or NOT_HEX
