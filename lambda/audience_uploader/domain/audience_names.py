"""The form of an audience's name: two names that look alike must not make two audiences."""

import hashlib
import re
import unicodedata

LONGEST_NAME = 128  # characters, the API's limit for custom_audience_name

# Control characters, and those of no width. The two joiners (U+200C, U+200D) are part of emoji and
# of several scripts, and are refused at an end only.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb]"
)
_ENDS = re.compile("\\A[\\s\u200c\u200d]+|[\\s\u200c\u200d]+\\Z")


def comparable_name(name: str) -> str:
    """Return the form in which names are compared: Unicode NFC, no white space at the ends."""
    return unicodedata.normalize("NFC", name).strip()


def clean_name(name: str) -> str:
    """Return the name to use instead: comparable, and without characters that can't be seen."""
    seen = _UNSEEN.sub(lambda unseen: " " if unseen[0].isspace() else "", name)
    return _ENDS.sub("", unicodedata.normalize("NFC", seen))


def audience_digest(name: str) -> str:
    """Return twelve hex digits that stand for an audience in logs; its receipts carry them too."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def fault_of_name(name: str) -> str:
    """Return what is wrong with the form of a name, as the begin of a sentence; "" if nothing."""
    if name in (".", ".."):
        return "The audience's name is a path step"
    if _ENDS.search(name):
        return "The audience's name begins or ends with white space"
    if _UNSEEN.search(name):
        return "The audience's name holds a control character, or one that can't be seen"
    if not unicodedata.is_normalized("NFC", name):
        return (
            "The audience's name is not in Unicode NFC, though it looks the same "
            "(macOS writes accents so)"
        )
    return ""
