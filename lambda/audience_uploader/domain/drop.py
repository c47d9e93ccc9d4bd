"""What an object key says: the audience, the identifier type and the action of a drop.

Keys are `tiktok/<audience>/<format>/[<action>/]<anything>`. They are read raw: EventBridge does not
URL-encode them, and unquoting would turn `+` and `%` of an audience's name into something else.
"""

import hashlib
from dataclasses import dataclass, replace

from audience_uploader.domain.actions import APPEND, REPLACE, action_of, says_taking_out
from audience_uploader.domain.audience_names import audience_digest
from audience_uploader.domain.key_advice import check_key
from audience_uploader.domain.outcomes import COMPANION, FOLDER, MARKER, DropRefused, Skipped

LONGEST_KEY = 1024  # bytes, S3's limit
# In a set's folder: a person confirms that the set may shrink the audience.
CONFIRMED = "_CONFIRMED"

# What query engines write beside their data: the last segment is this, or ends in it.
_COMPANIONS = ("manifest", "manifest.json", "-manifest.csv", ".metadata")


@dataclass(frozen=True, slots=True)
class DropKey:
    """A well-formed drop key; `calculate_type` is TikTok's upper-case spelling of the format.

    `action` is `append`, `remove` or `replace`; `set_name` the set's folder, of a replace only.
    """

    key: str
    audience: str
    calculate_type: str
    action: str = APPEND
    set_name: str | None = None

    @property
    def file_says_taking_out(self) -> bool:
        """Tell whether the file's own name (`optouts.csv`) says that people are to be taken out."""
        return says_taking_out(self.key.rsplit("/", 1)[-1])


@dataclass(frozen=True, slots=True)
class Drop:
    """One version of a drop; `etag` without quotes, `size` in bytes."""

    key: DropKey
    etag: str
    size: int
    modified_at: float

    @property
    def audience_digest(self) -> str | None:
        """What stands for the audience in logs; None for an object whose key names none."""
        return audience_digest(self.key.audience) if self.key.audience else None

    @property
    def version(self) -> tuple[str, str]:
        """Return key and ETag: what a receipt is about."""
        return self.key.key, self.etag

    @property
    def version_text(self) -> str:
        """Return key and ETag as one text, as JSON needs for the name of a field."""
        return "#".join(self.version)


def parse_key(key: str) -> DropKey:
    """Return what a raw object key names: audience, calculate_type, action and set.

    Raises Skipped with its reason for what is no drop, and DropRefused with reason `bad_key`,
    `name_too_long` or `unknown_format` and the key to use. What is no drop is never refused: the
    data beside it is, and once is enough.
    """
    segments = key.split("/")
    if reason := _no_drop(segments):
        raise Skipped(reason)
    if not fits_s3(key):
        raise DropRefused(
            "bad_key", "The key is not valid UTF-8 of at most 1,024 bytes; rename it."
        )
    check_key(segments)
    action = action_of(segments[3]) if len(segments) > 4 else None
    return DropKey(
        key,
        audience=segments[1],
        calculate_type=segments[2].upper(),
        action=action or APPEND,
        set_name=segments[4] if action == REPLACE else None,
    )


def confirmed_set(key: str) -> DropKey | None:
    """Return the set that a `_CONFIRMED` object confirms, under the object's own key; else None.

    Such an object is no drop (parse_key skips it), but a hint to try its set.
    """
    folder, _, name = key.rpartition("/")
    if name != CONFIRMED:
        return None
    try:
        part = parse_key(f"{folder}/part")
    except (DropRefused, Skipped):
        return None
    directly = part.action == REPLACE and key.count("/") == 5
    return replace(part, key=key) if directly else None


def version_key(prefix: str, version: tuple[str, str]) -> str:
    """Return where something about a drop version is: `<prefix>/<drop key>/<etag>.json`.

    Under `<prefix>/long/<sha256 of the key>/` where that would pass S3's 1,024 bytes.
    """
    key, etag = version
    plain = f"{prefix}/{key}/{etag}.json"
    if len(plain.encode()) <= LONGEST_KEY:
        return plain
    return f"{prefix}/long/{hashlib.sha256(key.encode()).hexdigest()}/{etag}.json"


def fits_s3(key: str) -> bool:
    """Tell whether a key is one that S3 takes: valid UTF-8 of at most 1,024 bytes."""
    try:
        return len(key.encode()) <= LONGEST_KEY
    except UnicodeEncodeError:
        return False


def _no_drop(segments: list[str]) -> str | None:
    """Return why an object is no drop, as a stable word; None for what may be one."""
    if not segments[-1] and len(segments) > 1:
        return FOLDER
    if any(segment.startswith(("_", ".")) for segment in segments[3:]):
        return MARKER
    return COMPANION if segments[-1].endswith(_COMPANIONS) else None
