"""The closed lists of the contract: id types, actions, audience types (sections 2, 4 and 6)."""

import unicodedata
from collections.abc import Callable

CREATE_TYPES = frozenset(
    {
        "EMAIL_SHA256",
        "PHONE_SHA256",
        "FIRST_SHA256",
        "FIRST_MD5",
        "IDFA_SHA256",
        "IDFA_MD5",
        "GAID_SHA256",
        "GAID_MD5",
        "MULTIPLE_TYPES",
    }
)
UPLOAD_TYPES = CREATE_TYPES | {"MAID_SHA256", "MAID_MD5"}
MULTIPLE_TYPES = "MULTIPLE_TYPES"
ACTIONS = frozenset({"APPEND", "REMOVE", "REPLACE"})
SUB_TYPES = frozenset({"NORMAL", "REACH_FREQUENCY"})
CUSTOMER_FILE = "Customer File Audience"
LOOKALIKE = "Lookalike Audience"
AUDIENCE_TYPES = frozenset(
    {
        CUSTOMER_FILE,
        "Engagement Audience",
        "App Activity Audience",
        "Website Audience",
        LOOKALIKE,
        "Lead Generation",
        "Rule Business Account",
        "Rule ad shop",
        "Partner",
        "Challenge",
        "Preferred Population",
    }
)


ALTERED_NAMES: dict[str, Callable[[str], str]] = {
    "none": str,
    "trim": str.strip,
    "nfc": lambda name: unicodedata.normalize("NFC", name),
    "nfd": lambda name: unicodedata.normalize("NFD", name),
    "single_blanks": lambda name: " ".join(name.split()),
    "lower": str.lower,
    "ascii": lambda name: name.encode("ascii", "replace").decode(),
}


def canonical(calculate_type: str) -> str:
    """One spelling per meaning: MAID_* and FIRST_* share their internal number, so they match."""
    return calculate_type.replace("MAID_", "FIRST_")


def hex_width(calculate_type: str) -> int:
    """Return how many hex characters an id of this type has: 32 for MD5, 64 for SHA-256."""
    return 32 if calculate_type.endswith("_MD5") else 64
