"""What an object key says: the audience and the identifier type of a drop.

Keys are `tiktok/<audience>/<format>/<anything>`. They are read raw: EventBridge does not URL-encode
them, and unquoting would turn `+` and `%` of an audience's name into something else.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

from audience_uploader.domain.outcomes import DropRefused, Skipped

ROOT = "tiktok"
CALCULATE_TYPES = frozenset(
    {"EMAIL_SHA256", "PHONE_SHA256", "IDFA_SHA256", "GAID_SHA256", "FIRST_SHA256"}
)
LONGEST_NAME = 128  # characters, the API's limit for custom_audience_name
LONGEST_KEY = 1024  # bytes, S3's limit

_LAYOUT = "tiktok/<audience>/<format>/<file>"


@dataclass(frozen=True, slots=True)
class DropKey:
    """A well-formed drop key; `calculate_type` is TikTok's upper-case spelling of the format."""

    key: str
    audience: str
    calculate_type: str


@dataclass(frozen=True, slots=True)
class Drop:
    """One version of a drop; `etag` without quotes, `size` in bytes."""

    key: DropKey
    etag: str
    size: int
    modified_at: float

    @property
    def version(self) -> tuple[str, str]:
        """Key and ETag: what a receipt is about."""
        return self.key.key, self.etag


def parse_key(key: str) -> DropKey:
    """The audience and calculate_type that a raw object key names.

    Raises Skipped for markers and folders, and DropRefused with reason `bad_key`,
    `name_too_long` or `unknown_format`.
    """
    segments = key.split("/")
    if key.endswith("/") or any(s.startswith(("_", ".")) for s in segments[3:]):
        raise Skipped("a folder or a marker object")
    _check_layout(key, segments)
    _, audience, spelling = segments[:3]
    _check_name(audience)
    return DropKey(key, audience, _calculate_type(spelling))


def audience_digest(name: str) -> str:
    """Twelve hex digits that stand for an audience in logs; its receipts carry them too."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def version_key(prefix: str, version: tuple[str, str]) -> str:
    """Where something about a drop version (key and ETag) is: `<prefix>/<drop key>/<etag>.json`.

    Under `<prefix>/long/<sha256 of the key>/` where that would pass S3's 1,024 bytes.
    """
    key, etag = version
    plain = f"{prefix}/{key}/{etag}.json"
    if len(plain.encode()) <= LONGEST_KEY:
        return plain
    return f"{prefix}/long/{hashlib.sha256(key.encode()).hexdigest()}/{etag}.json"


def _check_layout(key: str, segments: list[str]) -> None:
    if len(segments) < 4 or segments[0] != ROOT or not segments[1].strip():
        raise DropRefused("bad_key", f"The key must be {_LAYOUT}; copy the file to such a key.")
    if not _writable(key):
        raise DropRefused(
            "bad_key", "The key is not valid UTF-8 of at most 1,024 bytes; rename it."
        )


def _writable(key: str) -> bool:
    try:
        return len(key.encode()) <= LONGEST_KEY
    except UnicodeEncodeError:
        return False


def _check_name(audience: str) -> None:
    if len(audience) > LONGEST_NAME:
        text = f"The audience name has {len(audience)} characters, TikTok takes {LONGEST_NAME}"
        raise DropRefused("name_too_long", f"{text}; copy the file to a shorter name.")
    if audience in (".", "..") or any(unicodedata.category(c) == "Cc" for c in audience):
        text = "The audience name is a path step or holds a control character"
        raise DropRefused("bad_key", f"{text}; copy the file to a plain name.")


def _calculate_type(spelling: str) -> str:
    if not spelling.isascii() or spelling.upper() not in CALCULATE_TYPES:  # U+0131 becomes I
        known = ", ".join(sorted(t.lower() for t in CALCULATE_TYPES))
        text = f"The format in the key must be one of {known}"
        raise DropRefused("unknown_format", f"{text}; copy the file to {_LAYOUT}.")
    return spelling.upper()
