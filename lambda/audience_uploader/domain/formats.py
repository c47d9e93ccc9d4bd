"""The identifier types: how a key spells them, and which one a near miss means."""

import unicodedata

CALCULATE_TYPES = frozenset(
    {"EMAIL_SHA256", "PHONE_SHA256", "IDFA_SHA256", "GAID_SHA256", "FIRST_SHA256"}
)
FORMATS = tuple(sorted(spelling.lower() for spelling in CALCULATE_TYPES))

_WORDS = {
    "email_sha256": "email mail em hem emailaddress useremail customeremail",
    "phone_sha256": "phone ph phonenumber phonee164 mobile mobilephone mobilenumber tel telephone "
    "cell cellphone msisdn",
    "idfa_sha256": "idfa ifa iosid ios apple",
    "gaid_sha256": "gaid aaid gpsadid googleadid googleadvertisingid android androidid",
    "first_sha256": "first maid madid mobileadid mobileadvertisingid adid advertisingid device "
    "deviceid mobiledeviceid mobileid",
}
_FORMAT_OF = {word: meant for meant, words in _WORDS.items() for word in words.split()}
_OTHER_HASHES = ("md5", "sha1", "sha512")
_MARKS = ("sha256", *_OTHER_HASHES, "sha2", "sha", "hashed", "hashes", "hash", "hex", "raw")


def calculate_type_of(spelling: str) -> str | None:
    """Return TikTok's upper-case spelling of a format in any case; None for any other word."""
    if spelling.isascii() and spelling.upper() in CALCULATE_TYPES:  # U+0131 would become I
        return spelling.upper()
    return None


def format_meant(spelling: str) -> str | None:
    """Return the format (`email_sha256`) that a word most likely means; None where none is near."""
    contracted = _contracted(spelling)
    bare = contracted
    for mark in _MARKS:
        bare = bare.replace(mark, "")
    for word in (bare, bare.removesuffix("s"), bare.removesuffix("es")):
        if word in _FORMAT_OF:
            return _FORMAT_OF[word]
    return _misspelt(contracted)


def speaks_of_hashes(spelling: str) -> bool:
    """Tell whether a word is meant as a format beyond doubt: near one, and with SHA in it."""
    return "sha" in _contracted(spelling) and format_meant(spelling) is not None


def is_other_hash(spelling: str) -> bool:
    """Tell whether a word names a hash that TikTok does not take."""
    return any(mark in _contracted(spelling) for mark in _OTHER_HASHES)


def _contracted(spelling: str) -> str:
    plain = unicodedata.normalize("NFKC", spelling).lower()
    return "".join(letter for letter in plain if letter.isalnum())


def _misspelt(contracted: str) -> str | None:
    from difflib import get_close_matches  # only for a key that is refused anyway

    known = {spelling.replace("_", ""): spelling for spelling in FORMATS}
    near = get_close_matches(contracted, known, n=1, cutoff=0.8)
    return known[near[0]] if near else None
