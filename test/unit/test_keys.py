"""What a key says, raw, and which keys are refused or skipped."""

import pytest
from audience_uploader.domain.drop import DropKey, audience_digest, parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped

FORMATS = ("email_sha256", "phone_sha256", "idfa_sha256", "gaid_sha256", "first_sha256")


@pytest.mark.parametrize("spelling", [s for f in FORMATS for s in (f, f.upper(), f.title())])
def test_format_in_any_spelling_gives_tiktoks_upper_case(spelling: str) -> None:
    key = f"tiktok/foodies/{spelling}/a.csv"

    assert parse_key(key) == DropKey(key, "foodies", spelling.upper())


@pytest.mark.parametrize(
    "name",
    [
        "plus+sign", "100%25", "%2F", "a & b", " spaces ", "a  b", "Ünï cödé", "食通", "едоки",
        "🍜" * 128, "a" * 128, "~!*'()", '"quoted"', "a=b?c#d", "back\\slash", "_private",
        ".hidden", "tiktok", "long", "e\u0301 is not \u00e9", "\u202eright to left",
        "\ufeffmark",
    ],
)  # fmt: skip
def test_audience_name_comes_out_as_it_stands_in_the_key(name: str) -> None:
    assert parse_key(f"tiktok/{name}/email_sha256/a.csv").audience == name


@pytest.mark.parametrize(
    "rest",
    [
        "a.csv",
        "a",
        "2026/01/31/a.csv",
        "query-id/part-0001.csv.gz",
        "a//b.csv",
        "x_y/.z"[:3],
        "a b",
    ],
)
def test_anything_at_any_depth_may_follow_the_format(rest: str) -> None:
    assert parse_key(f"tiktok/foodies/email_sha256/{rest}").audience == "foodies"


@pytest.mark.parametrize(
    "key",
    [
        "tiktok/", "tiktok/foodies/", "tiktok/foodies/email_sha256/", "tiktok/foodies/wrong/",
        "tiktok/foodies/email_sha256/_SUCCESS", "tiktok/foodies/email_sha256/.part.crc",
        "tiktok/foodies/email_sha256/_temporary/0/part.csv", "tiktok/foodies/email_sha256/a/_b/c",
        "tiktok/foodies/email_sha256/../a.csv", "tiktok/foodies/email_sha256/a/./b.csv",
        "tiktok/foodies/wrong/_SUCCESS", "/",
    ],
)  # fmt: skip
def test_folder_or_marker_is_skipped(key: str) -> None:
    with pytest.raises(Skipped):
        parse_key(key)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "bad_key"),
        ("a.csv", "bad_key"),
        ("tiktok/a.csv", "bad_key"),
        ("tiktok/email_sha256/a.csv", "bad_key"),
        ("tiktok//email_sha256/a.csv", "bad_key"),
        ("tiktok/ \t/email_sha256/a.csv", "bad_key"),
        ("TIKTOK/foodies/email_sha256/a.csv", "bad_key"),
        ("/tiktok/foodies/email_sha256/a.csv", "bad_key"),
        ("receipts/tiktok/foodies/email_sha256/a.csv", "bad_key"),
        ("tiktok/../email_sha256/a.csv", "bad_key"),
        ("tiktok/./email_sha256/a.csv", "bad_key"),
        ("tiktok/a\nb/email_sha256/a.csv", "bad_key"),
        ("tiktok/a\x00b/email_sha256/a.csv", "bad_key"),
        ("tiktok/a\x7fb/email_sha256/a.csv", "bad_key"),
        ("tiktok/a\x85b/email_sha256/a.csv", "bad_key"),
        ("tiktok/\ud800/email_sha256/a.csv", "bad_key"),
        ("tiktok/foodies/email_sha256/\udfff.csv", "bad_key"),
        (f"tiktok/foodies/email_sha256/{'x' * 997}", "bad_key"),
        (f"tiktok/{'a' * 129}/email_sha256/a.csv", "name_too_long"),
        (f"tiktok/{'食' * 129}/email_sha256/a.csv", "name_too_long"),
        ("tiktok/foodies/email/a.csv", "unknown_format"),
        ("tiktok/foodies/email-sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/email_md5/a.csv", "unknown_format"),
        ("tiktok/foodies/maid_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/ email_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/ema\u0131l_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/f\u0131rst_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/\ufb01rst_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies//a.csv", "unknown_format"),
    ],
)
def test_bad_key_is_refused_with_its_reason_and_a_way_out(key: str, reason: str) -> None:
    with pytest.raises(DropRefused) as refusal:
        parse_key(key)

    assert refusal.value.reason == reason
    assert any(word in refusal.value.message for word in ("copy", "rename"))


def test_key_of_1024_bytes_is_taken() -> None:
    key = "tiktok/foodies/email_sha256/" + "x" * 996

    assert len(key.encode()) == 1024
    assert parse_key(key).key == key


def test_digest_tells_names_apart_and_does_not_show_them() -> None:
    digests = {audience_digest(name) for name in ("foodies", "Foodies", "foodies ", "")}

    assert len(digests) == 4
    assert all(len(d) == 12 and int(d, 16) >= 0 for d in digests)
