"""What people call a column of hashed identifiers, and how surely a name means a format."""

import re

_EMAIL = frozenset({"email", "mail", "em", "emailid"})
_PHONE = frozenset(
    {"phone", "ph", "mobile", "mobilephone", "cell", "cellphone", "telephone", "tel", "msisdn"}
)
_IDFA = frozenset({"idfa", "ifa", "iosid", "iosidfa", "appleid", "appleadid"})
_GAID = frozenset({"gaid", "aaid", "gpsadid", "googleadid", "googleadvertisingid", "androidid"})
_DEVICE = frozenset(
    {"maid", "mobileadid", "mobileadvertisingid", "adid", "advertisingid", "advertiserid"}
    | {"deviceid", "device", "rdid", "mobiledeviceid", "mobileid"}
)

# calculate_type -> names that mean just it, names that may mean it
_NAMES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "EMAIL_SHA256": (_EMAIL, frozenset()),
    "PHONE_SHA256": (_PHONE, frozenset()),
    "IDFA_SHA256": (_IDFA, _DEVICE),
    "GAID_SHA256": (_GAID, _DEVICE),
    "FIRST_SHA256": (_DEVICE | {"first"}, _IDFA | _GAID),
}
_ANY_NAME = _EMAIL | _PHONE | _IDFA | _GAID | _DEVICE | {"first", "id", "identifier", ""}

_HASH_MARKS = re.compile("sha256|sha2|hashed|hash(?:es)?|hex")
_FILLERS = re.compile(
    "user|customer|contact|client|member|primary|lowercase|lower|normali[sz]ed|e164|value|address"
    "|numbers?$"
)

UNNAMED = 9  # the rank of a column whose name says nothing about the format


def is_hashed(name: str) -> bool:
    """Tell whether the name says that the column holds hashes."""
    return name.lower() == "hem" or bool(_HASH_MARKS.search(_contracted(name)))


def rank_of(name: str, calculate_type: str) -> int:
    """Return how surely the name means `calculate_type`: 1 is surest, UNNAMED is not at all.

    1 its own word marked as hashed (`email_sha256`, `hashed_email`, `SHA256(Email)`, `hem`),
    2 its own word alone, 3 and 4 the same of a word that may mean it (`maid` for an IDFA).
    """
    own, wider = _NAMES[calculate_type.upper()]
    word = _word(name)
    if word not in own | wider:
        return UNNAMED
    return (1 if word in own else 3) + (not is_hashed(name))


def is_of_other_type(name: str, calculate_type: str) -> bool:
    """Tell whether the name means an identifier, but one of another format."""
    return rank_of(name, calculate_type) == UNNAMED and any(
        rank_of(name, other) != UNNAMED for other in _NAMES
    )


def is_header_word(name: str) -> bool:
    """Tell whether the name is one that headers of identifier columns have."""
    return bool(_contracted(name)) and _word(name) in _ANY_NAME


def _contracted(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _word(name: str) -> str:
    contracted = _contracted(name)
    if contracted == "hem":
        return "email"
    return _FILLERS.sub("", _HASH_MARKS.sub("", contracted))
