"""One cell into what is hashed: TikTok's rules for e-mail addresses, phone numbers, device ids.

Every function gives the normalised identifier, or raises Unusable with a stable word. Keep one
form per audience for ever: a removal hashed in another form takes nobody out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

Normalise = Callable[[str], str]

_EMAIL = re.compile(
    r"[^@\s<>()\[\]:;,\\\"]+@(?:[^@\s<>()\[\]:;,\\\".]+\.)+[^@\s<>()\[\]:;,\\\".]{2,}"
)
_LONGEST_EMAIL = 320
_DEVICE = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_ZERO_DEVICE = "00000000-0000-0000-0000-000000000000"
_PHONE = re.compile(r"[+\d\s().\-/\u2010-\u2015\u00a0\u202a-\u202e\u2060\ufeff\uff0b]+")
_LIKE_A_NUMBER = re.compile(r"(?:\d\D*){7,}")
_FLOAT = re.compile(r"(\+?\d+)\.0+")  # what spreadsheets and pandas make of a number
_PLACEHOLDERS = frozenset(
    {"-", "--", ".", "nan", "null", "(null)", "none", "n/a", "#n/a", "na", "nil", "undefined"}
    | {"unknown", "nat", "<na>", "\\n", "test", "test@", "x", "0", "email", "phone"}
)


class Unusable(Exception):
    """A cell that can't be hashed: `reason` is a stable word, and never what the cell holds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CountryMissing(Exception):
    """A phone number without `+`, and nobody said of which country the list is."""


@dataclass(frozen=True, slots=True)
class Forms:
    """How identifiers are written before hashing; `country` in two letters, or empty."""

    country: str = ""
    phone: str = "e164"
    email: str = "plain"


def normalisers(forms: Forms) -> dict[str, Normalise]:
    """Return the function for each kind of identifier: email, phone, device."""
    shown = PhoneNumberFormat.E164
    return {
        "email": partial(email, without_suffix=forms.email == "without-suffix"),
        "phone": partial(phone, country=forms.country, plus=forms.phone == "e164", form=shown),
        "device": device,
    }


def email(cell: str, *, without_suffix: bool = False) -> str:
    """Return the address without blanks, in lower case."""
    text = cell.lower()
    if not _EMAIL.fullmatch(text):
        text = "".join(text.split())
        if not _EMAIL.fullmatch(text):
            raise Unusable(_what(text, "not_an_email"))
    if len(text) > _LONGEST_EMAIL:
        raise Unusable("not_an_email")
    if without_suffix:
        name, _, domain = text.partition("@")
        text = f"{name.partition('+')[0]}@{domain}"
        if text.startswith("@"):
            raise Unusable("not_an_email")
    return text


def phone(cell: str, *, country: str, plus: bool = True, form: int = 0) -> str:
    """Return the number in E.164, with its `+` or as digits; raises CountryMissing too."""
    text = cell.strip().lstrip("'").removeprefix("tel:").strip()
    if number := _FLOAT.fullmatch(text):
        text = number[1]
    if not _PHONE.fullmatch(text) or not _LIKE_A_NUMBER.search(text):
        raise Unusable(_what(text.lower(), "not_a_phone_number"))
    if not country and text.lstrip("(\u202a\u2060\ufeff ")[:1] not in ("+", "\uff0b"):
        raise CountryMissing
    try:
        number_ = phonenumbers.parse(text, country or None)
    except NumberParseException:
        raise Unusable("invalid_phone_number") from None
    if not phonenumbers.is_valid_number(number_):
        raise Unusable("invalid_phone_number")
    written = phonenumbers.format_number(number_, form)
    return written if plus else written.removeprefix("+")


def device(cell: str) -> str:
    """Return the advertising id in lower case with its hyphens."""
    text = cell.strip().strip("{}").lower()
    if not _DEVICE.fullmatch(text):
        raise Unusable(_what(text, "not_a_device_id"))
    if text == _ZERO_DEVICE:
        raise Unusable("placeholder")
    return text


def _what(text: str, otherwise: str) -> str:
    if not text:
        return "blank"
    return "placeholder" if text in _PLACEHOLDERS else otherwise
