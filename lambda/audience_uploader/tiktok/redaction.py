"""TikTok's texts without the token and without anything like an identifier."""

import re

_HIDDEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[0-9A-Fa-f]{32,}"), "[hex]"),
    (re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"), "[device]"),
    (re.compile(r"\S+@\S+"), "[address]"),
    (re.compile(r"(?<!\w)\+?\d{9,15}(?!\w)"), "[number]"),  # an audience's id has 19 digits
)
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,48}")  # too short for a hash
_LONGEST_READ = 2000  # characters looked at: the patterns take a square of them
_LONGEST_TEXT = 300  # characters of TikTok's message that we pass on


def redact(text: str, *, secret: str) -> str:
    """TikTok's text, shortened, without the token and without anything like an identifier."""
    text = text[:_LONGEST_READ].encode(errors="replace").decode()
    text = text.replace(secret, "[token]") if secret else text
    for pattern, shown in _HIDDEN:
        text = pattern.sub(shown, text)
    return text[:_LONGEST_TEXT]


def redact_id(value: object, *, secret: str) -> str | None:
    """TikTok's request id, or None where something else stands in its place."""
    fits = isinstance(value, str) and value != secret and _REQUEST_ID.fullmatch(value)
    return str(value) if fits else None
