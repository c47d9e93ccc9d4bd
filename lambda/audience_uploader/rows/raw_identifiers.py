"""Identifiers that nobody hashed, in the forms in which people and programs leave them."""

import re
import unicodedata

from audience_uploader.domain.row_counts import RAW_DEVICE, RAW_EMAIL, RAW_PHONE

_EMAIL = re.compile(r"[^@\s]@[^@\s]|[^%\s]%40[^%\s]+\.")
_PREFIX = re.compile(
    r"(?:tel|phone|mobile|cell|sms|whatsapp|callto|p|ph|idfa|ifa|gaid|aaid|maid|adid|urn:uuid|uuid"
    r"|device_?id)\s*[:=]\s*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?:[;,]?\s*(?:ext|x|extension)[.=:]?\s*\d{1,6}|\.0+)$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\+?\d(?:[.,]\d+)?[eE]\+?0?(?:[6-9]|1[0-5])")
_PHONE = re.compile(r"\+?[0-9]{7,15}")  # E.164 has at most 15
_SEPARATORS = re.compile(r"[ ().\-/_\u2010-\u2015\u2212·]")
_DATE = re.compile(
    r"(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)\d\d"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:[-_ ][0-9a-f]{4}){3}[-_ ][0-9a-f]{12}", re.IGNORECASE)
_AROUND = "'\"`{}[]()<>= \t"
_LONGEST = 320  # characters of an e-mail address; whatever is longer is no identifier


def raw_kind(cell: bytes) -> str:
    """Return RAW_EMAIL, RAW_PHONE or RAW_DEVICE for what reads as such, or ""."""
    if len(cell) > _LONGEST:
        return RAW_EMAIL if b"@" in cell and _EMAIL.search(_plain(cell)) else ""
    text = _plain(cell)
    if _EMAIL.search(text):
        return RAW_EMAIL
    text = _PREFIX.sub("", text.strip(_AROUND), count=1).strip(_AROUND.replace("(", ""))
    if _UUID.fullmatch(text):
        return RAW_DEVICE
    if _SCIENTIFIC.fullmatch(text):
        return RAW_PHONE
    if _DATE.fullmatch(text):
        return ""
    digits = _SEPARATORS.sub("", _EXTENSION.sub("", text))
    return RAW_PHONE if _PHONE.fullmatch(digits) else ""


def _plain(cell: bytes) -> str:
    """Return the cell as text without invisible characters, wide letters made narrow."""
    text = cell.decode("utf-8", "replace")
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc"))
