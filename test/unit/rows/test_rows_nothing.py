"""Hashes of nothing: all of them are found, wherever they stand, and nothing else is."""

import hashlib
import random

import pytest
from audience_uploader.rows.placeholder_hashes import HASHES_OF_NOTHING, holds_nothing

WORDS = (
    *(
        "",
        " ",
        "   ",
        "\t",
        "\n",
        "\r\n",
        "\u00a0",
        '""',
        "-",
        "--",
        "+",
        "0",
        "00",
        "\\N",
        ".",
        "?",
    ),
    *("nan", "NaN", "NAN", "null", "NULL", "Null", "none", "None", "nil", "n/a", "N/A", "na", "NA"),
    *("(null)", "<null>", "(none)", "(not set)", "[null]", "undefined", "unknown", "Unknown"),
    *("#N/A", "#NULL!", "#REF!", "#VALUE!", "Not Available", "no email", "NaT", "empty"),
    *("email", "Email", "EMAIL", "phone", "email_sha256", "phone_sha256", "idfa", "gaid", "maid"),
    *(
        "Email_SHA 256",
        "Phone Number",
        "E-Mail",
        "hashed_email",
        "hem",
        "MAID_SHA256",
        "id",
        "hash",
    ),
    *("+1", "+44", "+62", "+49", "+91", "+380", "0000000000", "+00000000000"),
    *("00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000"),
    *("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    *("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "F" * 32),
)


def rows_with(row: bytes, *, at: int, count: int) -> bytes:
    chance = random.Random(at)
    rows = [chance.randbytes(32).hex().encode() + b"\n" for _ in range(count)]
    return b"".join([*rows[:at], row + b"\n", *rows[at:]])


@pytest.mark.parametrize("word", WORDS)
def test_hashes_of_nothing_hold_the_words_that_stand_for_nothing(word: str) -> None:
    assert hashlib.sha256(word.encode()).hexdigest().encode() in HASHES_OF_NOTHING


@pytest.mark.parametrize(
    "word", ["1", "44", "test", "a", "jane@example.com", "+15550100123", "15550100123"]
)
def test_hashes_of_nothing_hold_no_value_that_could_be_one(word: str) -> None:
    assert hashlib.sha256(word.encode()).hexdigest().encode() not in HASHES_OF_NOTHING


@pytest.mark.parametrize("known", sorted(HASHES_OF_NOTHING))
def test_holds_nothing_finds_each_among_many(known: bytes) -> None:
    for at in (0, 57, 300):
        assert holds_nothing(rows_with(known, at=at, count=300))


def test_holds_nothing_is_false_for_hashes_that_only_begin_alike() -> None:
    alike = [known[:63] + (b"0" if known[63:] != b"0" else b"1") for known in HASHES_OF_NOTHING]

    assert not holds_nothing(b"".join(row + b"\n" for row in alike))


def test_holds_nothing_is_false_for_no_rows_and_for_zeros() -> None:
    assert not holds_nothing(b"")
    assert not holds_nothing(b"0" * 64 + b"\n")
