"""TikTok's own examples, and what can't be hashed."""

from hashlib import sha256

import pytest

from audiencectl.hashing.normalise import CountryMissing, Unusable, device, email, phone

# The samples of ads.tiktok.com/help, "How to create a Custom Audience with a customer file".
EMAIL_SAMPLE = "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69"
MAID_SAMPLE = "83dc3f5f32b9472613b0f038d36f22585a609d018af6f6067f50da318bf354bd"
DIGITS_SAMPLE = "65b7e6dcf6f4310f8d7cbfbd78289a753062fb054d6664fb9aaac5df66a422d4"


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_email_of_tiktoks_example_gives_its_hash() -> None:
    assert hashed(email(" Jane Doe@Gmail.com\t")) == EMAIL_SAMPLE


def test_device_of_tiktoks_example_gives_its_hash() -> None:
    assert hashed(device(" 5F3A2B18-9C4D-4E7F-B8E2-17D3A1E69B25")) == MAID_SAMPLE


def test_phone_of_tiktoks_example_as_digits_gives_its_hash() -> None:
    assert hashed(phone("+374 93 828222", country="", plus=False)) == DIGITS_SAMPLE


@pytest.mark.parametrize(
    ("cell", "country", "number"),
    [
        ("+442071838750", "", "+442071838750"),
        ("020 7183 8750", "GB", "+442071838750"),
        ("(020) 7183-8750", "GB", "+442071838750"),
        ("0044 20 7183 8750", "GB", "+442071838750"),
        ("'+44 20 7183 8750", "", "+442071838750"),
        ("tel:+44-20-7183-8750", "", "+442071838750"),
        ("442071838750.0", "GB", "+442071838750"),
        ("(657) 777-0000", "US", "+16577770000"),
        ("0812-3456-7890", "ID", "+6281234567890"),
        ("+1 657 777 0000", "GB", "+16577770000"),
    ],
)
def test_phone_in_any_writing_becomes_e164(cell: str, country: str, number: str) -> None:
    assert phone(cell, country=country) == number


def test_phone_without_plus_and_country_is_not_guessed() -> None:
    with pytest.raises(CountryMissing):
        phone("020 7183 8750", country="")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12345", "not_a_phone_number"),
        ("4.4207E+11", "not_a_phone_number"),
        ("0000000000", "invalid_phone_number"),
        ("07912345678 / 07912345679", "invalid_phone_number"),
        ("John 020 7183 8750", "not_a_phone_number"),
        ("NULL", "placeholder"),
        ("n/a", "placeholder"),
    ],
)
def test_phone_that_is_none_is_told_by_a_word(cell: str, reason: str) -> None:
    with pytest.raises(Unusable, match=f"^{reason}$"):
        phone(cell, country="GB")


@pytest.mark.parametrize("cell", ["NaN", "null", "test@", "-", "\\N", "N/A"])
def test_email_that_stands_for_nothing_is_a_placeholder(cell: str) -> None:
    with pytest.raises(Unusable, match=r"^placeholder$"):
        email(cell)


@pytest.mark.parametrize(
    "cell",
    ["joe", "joe@", "@x.com", "joe@x", "a@b.com;c@d.com", "<a@b.com>", "a@b@c.com", "a@.com"],
)
def test_email_that_is_none_is_told_by_a_word(cell: str) -> None:
    with pytest.raises(Unusable, match=r"^not_an_email$"):
        email(cell)


def test_email_keeps_suffix_and_dots_unless_asked() -> None:
    assert email("Jo.Doe+News@x.com") == "jo.doe+news@x.com"
    assert email("Jo.Doe+News@x.com", without_suffix=True) == "jo.doe@x.com"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("00000000-0000-0000-0000-000000000000", "placeholder"),
        ("5f3a2b189c4d4e7fb8e217d3a1e69b25", "not_a_device_id"),
        ("unknown", "placeholder"),
    ],
)
def test_device_that_is_none_is_told_by_a_word(cell: str, reason: str) -> None:
    with pytest.raises(Unusable, match=f"^{reason}$"):
        device(cell)
