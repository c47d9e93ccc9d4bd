"""What exports hash along with the identifiers: words for nothing, and the header row's names.

None of them can be an identifier, however it was normalised before it was hashed.
"""

from collections.abc import Iterator

_BLANKS = (
    *("", " ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u200b", "\ufeff", "\x00"),
    *('""', "''", '" "', "-", "--", "---", "\u2013", "\u2014", ".", "..", "...", ",", ";", "|"),
    *("_", "__", "?", "??", "???", "*", "**", "***", "#", "/", "\\", "@", "+", "++", "()", "[]"),
    *("{}", "<>", "0", "00", "-1", "0.0", "+0", "+00", "[object Object]", "\\N", "\\n", "\\"),
)
_NOTHING = (
    *("null", "nan", "none", "nil", "na", "n/a", "n.a.", "n.a", "n\\a", "nat", "undefined"),
    *("unknown", "empty", "missing", "blank", "void", "not available", "not applicable", "not set"),
    *("not provided", "no value", "no data", "no email", "noemail", "no-email", "no_email"),
    *("no phone", "nophone", "no-phone", "no_phone", "invalid", "default", "anonymous"),
    *("redacted", "removed", "deleted", "false", "true", "tbd", "inf", "x.x", "n/d", "s/d"),
    *("null null", "nullnull", "undefinedundefined", "none none", "nan nan", "nanan"),
)
_SHEET_ERRORS = (
    "#N/A",
    "#NA",
    "#NULL!",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#ERROR!",
)
_AROUND = (("(", ")"), ("<", ">"), ("[", "]"), ("{", "}"), ('"', '"'), ("'", "'"), ("+", ""))
_MOST_USUAL = (
    "null",
    "nan",
    "none",
    "nil",
    "na",
    "n/a",
    "undefined",
    "unknown",
    "not set",
    "empty",
)

_HEADERS = (
    *("email", "e-mail", "e_mail", "emails", "mail", "em", "hem", "email1", "email_address"),
    *("emailaddress", "email address", "email-address", "email_id", "email id", "hashed_email"),
    *("hashedemail", "hashed email", "email_sha256", "email_sha 256", "email sha256"),
    *("emailsha256", "emails sha256", "email-sha256", "sha256_email", "email_hash", "hash_email"),
    *("email_hashed", "user_email", "customer_email", "email_lc_sha256", "sha256_email_address"),
    *("correo", "correo electr\u00f3nico", "correo electronico", "surel", "courriel"),
    *("phone", "phones", "ph", "phone1", "phone_number", "phonenumber", "phone number", "mobile"),
    *("mobile_number", "mobile number", "mobile_phone", "mobilephone", "telephone", "tel", "cell"),
    *("msisdn", "hashed_phone", "hashedphone", "hashed phone", "hashed_phone_number"),
    *("phone_sha256", "phone_sha 256", "phone sha256", "phonesha256", "phone-sha256"),
    *("sha256_phone", "phone_hash", "hash_phone", "phone_hashed", "telefono", "tel\u00e9fono"),
    *("telefone", "t\u00e9l\u00e9phone", "telefon", "celular", "nomor hp", "no hp", "no_hp"),
    *("idfa", "gaid", "aaid", "maid", "madid", "adid", "ad_id", "device_id", "deviceid"),
    *("device id", "advertising_id", "advertisingid", "mobile_ad_id", "mobile ad id", "rdid"),
    *("hashed_maid", "hashed_device_id", "idfa_sha256", "gaid_sha256", "aaid_sha256"),
    *("maid_sha256", "maid_sha 256", "maid sha256", "madid_sha256", "first_sha256", "sha256_idfa"),
    *("sha256_gaid", "sha256_maid", "mobile_ad_id_sha256", "device_id_sha256", "hash", "hashes"),
    *("sha256", "sha-256", "sha_256", "hashed", "id", "ids", "uid", "user_id", "userid"),
    *("identifier", "value", "key"),
)

# ITU-T E.164: a country code alone is what is left of an empty national number.
_COUNTRY_CODES = (
    *(1, 7, 20, 27, *range(30, 35), 36, *range(39, 42), *range(43, 50), *range(51, 59)),
    *(*range(60, 67), 81, 82, 84, 86, *range(90, 96), 98, 211, 212, 213, 216, 218),
    *(*range(220, 270), 290, 291, 297, 298, 299, *range(350, 360), *range(370, 390)),
    *(420, 421, 423, *range(500, 510), *range(590, 600), *range(670, 693), 800, 808),
    *(850, 852, 853, 855, 856, 870, 878, 880, 881, 882, 883, 886, 888, *range(960, 980)),
    *range(992, 999),
)


def nothings() -> Iterator[str]:
    """Yield the usual spellings of nothing; their hashes are sometimes hashed again."""
    yield from ("NaN", "NaT", "<NaT>", "<na>", "<NA>")
    yield from (*_BLANKS, *_SHEET_ERRORS, *_no_devices(), *_no_numbers())
    for word in _NOTHING:
        yield from _cases(word)
    for word in _MOST_USUAL:
        for left, right in _AROUND:
            yield from _cases(f"{left}{word}{right}")


def headers() -> Iterator[str]:
    """Yield the usual names of an identifier column."""
    for name in _HEADERS:
        yield from (*_cases(name), *_cases(name.replace("_", " ")))
    yield from ("eMail", "E-Mail", "emailAddress", "EmailAddress", "phoneNumber", "PhoneNumber")
    yield from ("hashedEmail", "HashedEmail", "hashedPhoneNumber", "deviceId", "DeviceID")
    yield from ("Email_SHA256", "Phone_SHA256", "MAID_SHA256", "Email_SHA 256", "Phone_SHA 256")
    yield from ("MAID_SHA 256", "MAID_MD5", "advertisingId", "userId")


def _no_devices() -> Iterator[str]:
    """Yield the advertising ids of those who take no part: all zero, all F, as stored and plain."""
    for digit in "0fF":
        yield from (digit * 32, "-".join(digit * length for length in (8, 4, 4, 4, 12)))
    yield from ("0" * 64, "f" * 64, "F" * 64, "0" * 40)


def _no_numbers() -> Iterator[str]:
    yield from (f"+{code}" for code in _COUNTRY_CODES)
    for length in range(3, 16):
        yield from ("0" * length, "+" + "0" * length)


def _cases(word: str) -> set[str]:
    return {word, word.lower(), word.upper(), word.capitalize(), word.title()}
