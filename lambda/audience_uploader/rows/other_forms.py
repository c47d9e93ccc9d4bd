"""The same 32 bytes in other clothes: base64, prefixes, pairs of digits, what Excel adds."""

import re
from binascii import Error, a2b_base64

HASH_CHARACTERS = 64
HEX = b"0123456789abcdefABCDEF"

BASE64 = "base64"
HEX_0X = "hex_0x"
HEX_BACKSLASH_X = "hex_backslash_x"
HEX_PAIRS = "hex_pairs"
HEX_LITERAL = "hex_literal"
EXCEL_TEXT = "excel_text"
TYPOGRAPHIC_QUOTES = "typographic_quotes"
INVISIBLE_BLANKS = "invisible_blanks"

# no-break and typographic blanks, zero-width ones, marks of direction; as UTF-8
_UNSEEN = (
    rb"\xc2[\xa0\xad]|\xe1\x9a\x80|\xe1\xa0\x8e|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\x9f-\xaf]"
    rb"|\xe3\x80\x80|\xef\xbb\xbf"
)
_INVISIBLE = rb"(?:%b|[ \t\x0b\x0c])" % _UNSEEN
_AROUND = re.compile(
    rb"(?:%b|\xa0)*+(?P<inner>.*?)(?:%b|\xa0)*" % (_INVISIBLE, _INVISIBLE), re.DOTALL
)
_FORMS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    (HEX_0X, re.compile(rb"0[xX]([0-9a-fA-F]{64})")),
    (HEX_BACKSLASH_X, re.compile(rb"\\{1,2}[xX]([0-9a-fA-F]{64})")),
    (
        HEX_LITERAL,
        re.compile(
            rb"[bBxX](?:'([0-9a-fA-F]{64})'|\"([0-9a-fA-F]{64})\")"
            rb"|(?i:sha-?256[:=] ?)([0-9a-fA-F]{64})"
        ),
    ),
    (
        HEX_PAIRS,
        re.compile(rb"([0-9a-fA-F]{2}(?P<by>[ :\-])(?:[0-9a-fA-F]{2}(?P=by)){30}[0-9a-fA-F]{2})"),
    ),
    (HEX_PAIRS, re.compile(rb"((?:\\x[0-9a-fA-F]{2}){32})")),
    (EXCEL_TEXT, re.compile(rb"=\"{1,2}([0-9a-fA-F]{64})\"{1,2}|[='`]([0-9a-fA-F]{64})")),
    (
        TYPOGRAPHIC_QUOTES,  # of Word and of sheets that correct what is typed
        re.compile(
            rb"(?:\xe2\x80[\x98-\x9f\xb9\xba]|\xc2[\xab\xbb\xb4]|`)([0-9a-fA-F]{64})"
            rb"(?:\xe2\x80[\x98-\x9f\xb9\xba]|\xc2[\xab\xbb\xb4]|[`'])"
        ),
    ),
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/\-_]{42}[AEIMQUYcgkosw048]=?")  # the last has two spare bits
_BASE64_OF_HEX = re.compile(rb"[A-Za-z0-9+/\-_]{86}(?:==)?")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_SHORTEST, _LONGEST = 43, 200  # bytes of a cell that may be worth a try


def converted(text: bytes) -> tuple[bytes, str]:
    """Return 64 hex digits, lower case, and the form they were written in; or (b"", "").

    `text` is a bare cell that isn't 64 hex digits itself.
    """
    if not _SHORTEST <= len(text) <= _LONGEST:
        return b"", ""
    for form, pattern in _FORMS:
        if match := pattern.fullmatch(text):
            digits = next(group for group in match.groups() if group)
            return digits.lower().translate(None, b" :-\\x"), form
    if digits := _from_base64(text):
        return digits, BASE64
    return _from_invisible(text)


def _from_base64(text: bytes) -> bytes:
    if not text.rstrip(b"=").translate(None, HEX):
        return b""  # hex digits of another number
    if _BASE64.fullmatch(text):
        return _decoded(text, 43).hex().encode()
    if _BASE64_OF_HEX.fullmatch(text):
        digits = _decoded(text, 86)
        return b"" if digits.translate(None, HEX) else digits.lower()
    return b""


def _decoded(text: bytes, length: int) -> bytes:
    padded = text[:length].translate(_STANDARD) + b"=" * (-length % 4)
    try:
        return a2b_base64(padded)
    except Error:
        return b"g"  # no hex digit


def _from_invisible(text: bytes) -> tuple[bytes, str]:
    match = _AROUND.fullmatch(text)
    inner = re.sub(_UNSEEN, b"", match["inner"] if match else text)
    if len(inner) == len(text):
        return b"", ""
    if len(inner) == HASH_CHARACTERS and not inner.translate(None, HEX):
        return inner.lower(), INVISIBLE_BLANKS
    return converted(inner)
