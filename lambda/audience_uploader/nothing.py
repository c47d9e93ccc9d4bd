"""Hashes that match nobody: of nothing, of the words that stand for nothing, of header words.

They come from exports that hash a missing value, or the header row, along with the rest.
"""

import hashlib
from collections.abc import Iterator

_BLANKS = ("", " ", "\n", "\r\n", '""', "-")
_WORDS = ("nan", "null", "none", "n/a", "na", "nil", "undefined", "unknown", "nat", "<na>")
_HEADERS = (
    *("email", "e-mail", "mail", "email_address", "emailaddress", "email address", "hashed_email"),
    *("email_sha256", "sha256_email", "email_hash", "phone", "phone_number", "phonenumber"),
    *("phone number", "mobile", "telephone", "hashed_phone", "phone_sha256", "sha256_phone"),
    *("phone_hash", "idfa", "gaid", "aaid", "maid", "device_id", "deviceid", "advertising_id"),
    *("idfa_sha256", "gaid_sha256", "maid_sha256", "first_sha256", "hash", "sha256", "id"),
)
_ZERO_IDS = ("00000000-0000-0000-0000-000000000000", "0" * 32)


def _spellings() -> Iterator[str]:
    yield from (
        *_BLANKS,
        *_ZERO_IDS,
        "NaN",
        "NaT",
        "\\N",
        "E-Mail",
        "Email Address",
        "Phone Number",
    )
    for word in (*_WORDS, *_HEADERS):
        yield from (word, word.upper(), word.capitalize())


HASHES_OF_NOTHING = frozenset(
    hashlib.sha256(spelling.encode()).hexdigest().encode() for spelling in _spellings()
)
