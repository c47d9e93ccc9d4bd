"""What each code of TikTok's table means, and what is shown of its texts."""

import pytest
from audience_uploader.tiktok.errors import (
    AudienceBusy,
    AudienceUnknown,
    BelowMinimum,
    CredentialsRefused,
    FileRefused,
    RateLimited,
    Refused,
    ServerFault,
    TikTokError,
    error_class,
)
from audience_uploader.tiktok.redaction import redact, redact_id

TABLE = {
    ServerFault: [
        *(40202, 40902, 40903, 40913, 50000, 50002, 51000, 51003, 51010, 51045, 51063, 52201),
        *(52204, 59999, 60001, 61000),
    ],
    RateLimited: [40016, 40100, 40132, 40133],
    CredentialsRefused: [
        *(40001, 40003, 40101, 40102, 40104, 40105, 40106, 40107, 40110, 40113, 40115, 40116),
        *(40117, 40118, 40119, 40124, 40125, 40130, 40300, 40301, 40309, 41000),
    ],
    FileRefused: [40900, 40905, 40910],
    AudienceUnknown: [40007],
    Refused: [
        *(40000, 40002, 40006, 40008, 40009, 40010, 40011, 40012, 40013, 40014, 40050, 40051),
        *(40061, 40062, 40400, 40700, 40906, 40907, 40908, 40909, 40914, 40915, 41001, 41002),
        *(1, -1, 200, 20002, 30000, 49999, 62000, 99999),
    ],
}
NOT_EDITABLE = "Audience is not editable, please check audience status"
REPLACE = (
    "This replace operation is rejected as there is an existing unfinished replace operation "
    "for this audience. We advise at most one replace per day."
)


@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for kind, codes in TABLE.items() for code in codes]
)
def test_code_says_what_has_to_be_done(code: int, kind: type[TikTokError]) -> None:
    assert error_class(code, "Some text.") is kind


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (40002, NOT_EDITABLE, AudienceBusy),
        (40002, NOT_EDITABLE.upper(), AudienceBusy),
        (40002, REPLACE, AudienceBusy),
        (40909, REPLACE, AudienceBusy),
        (40000, NOT_EDITABLE, AudienceBusy),
        (40002, "The audience would hold fewer than 1000 users after this.", BelowMinimum),
        (40002, "Audience size must be at least 1,000.", BelowMinimum),
        (40002, "The custom audience 73 does not exist.", AudienceUnknown),
        (40002, "Audience not found", AudienceUnknown),
        (40002, "Missing required field(s): file_paths.", Refused),
        (40002, "The advertiser has 400 custom audiences; delete some first.", Refused),
        (40907, "The audience does not exist.", Refused),
        (40105, NOT_EDITABLE, CredentialsRefused),
        (50002, NOT_EDITABLE, ServerFault),
    ],
)
def test_text_decides_where_the_code_is_vague(
    code: int, text: str, kind: type[TikTokError]
) -> None:
    assert error_class(code, text) is kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Token tok-1 is wrong", "Token [token] is wrong"),
        (f"row {'a1' * 32} is bad", "row [hex] is bad"),
        (f"rows {'A1' * 32},{'b' * 64}", "rows [hex],[hex]"),
        ("md5 " + "0" * 32, "md5 [hex]"),
        ("row Jane.Doe+x@example.com is not hashed", "row [address] is not hashed"),
        ("row +15550100123 is not hashed", "row [number] is not hashed"),
        ("row 15550100123, 004915550100", "row [number], [number]"),
        ("row 6D92078A-8246-4BA4-AE5B-76104861E7DC", "row [device]"),
        ("audience 7300000000000000001 (40002)", "audience 7300000000000000001 (40002)"),
        ("x" * 301, "x" * 300),
        ("食通 \u0000", "食通 \u0000"),
    ],
)
def test_tiktoks_text_is_shown_without_token_and_identifiers(text: str, shown: str) -> None:
    assert redact(text, secret="tok-1") == shown


def test_token_that_is_cut_off_by_the_length_is_not_shown_in_part() -> None:
    text = "x" * 290 + "the-long-token-of-the-advertiser"

    assert "the-long" not in redact(text, secret="the-long-token-of-the-advertiser")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026112411324501011234567890ABCDEF", "2026112411324501011234567890ABCDEF"),
        ("tok-1", None),
        ("a1" * 32, None),
        ("jane@example.com", None),
        ("+15550100123", None),
        ("", None),
        (None, None),
        (73, None),
    ],
)
def test_request_id_is_shown_if_it_can_be_one(value: object, shown: str | None) -> None:
    assert redact_id(value, secret="tok-1") == shown


def test_error_carries_code_status_and_request_id() -> None:
    error = Refused("Bad.", code=40002, http_status=200, request_id="2026ABC")

    assert (error.code, error.http_status, error.request_id) == (40002, 200, "2026ABC")
    assert str(error) == "[2026ABC] Bad. (code 40002)"


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (40002, "The audience is currently being updated", AudienceBusy),
        (40002, "Audience is processing", AudienceBusy),
        (40011, "Audience is processing", Refused),
        (40002, "The audience would have less than 1,000 users", BelowMinimum),
        (40002, "1000 users are required", BelowMinimum),
        (40002, "page_size: must be at most 1000", Refused),
        (40002, "too many requests, 21000 seen", Refused),
    ],
)
def test_error_class_of_a_vague_code_goes_by_what_its_text_means(
    code: int, text: str, kind: type[TikTokError]
) -> None:
    assert error_class(code, text) is kind


def test_harmless_long_text_is_cut_before_it_is_searched() -> None:
    shown = redact("Z" * 4_000_000, secret="token")  # would take days otherwise

    assert shown == "Z" * 300


def test_harmless_text_can_be_written_down_whatever_it_holds() -> None:
    assert redact("bad \ud800 x", secret="token").encode() == b"bad ? x"
