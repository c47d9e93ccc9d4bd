"""What a key says, raw, and which keys are refused or skipped."""

import pytest
from audience_uploader.domain.audience_names import audience_digest, comparable_name
from audience_uploader.domain.drop import DropKey, parse_key
from audience_uploader.domain.outcomes import Skipped

FORMATS = ("email_sha256", "phone_sha256", "idfa_sha256", "gaid_sha256", "first_sha256")


@pytest.mark.parametrize("spelling", [s for f in FORMATS for s in (f, f.upper(), f.title())])
def test_format_in_any_spelling_gives_tiktoks_upper_case(spelling: str) -> None:
    key = f"tiktok/foodies/{spelling}/a.csv"

    assert parse_key(key) == DropKey(key, "foodies", spelling.upper())


@pytest.mark.parametrize(
    "name",
    [
        "plus+sign", "100%25", "%2F", "a & b", "a  b", "Ünï cödé", "食通", "едоки",
        "🍜" * 128, "a" * 128, "~!*'()", '"quoted"', "a=b?c#d", "back\\slash", "_private",
        ".hidden", "tiktok", "long", "optouts", "remove", "caf\u00e9", "\U0001f468\u200d\U0001f469",
        "\u0646\u0645\u06cc\u200c\u062e", "a\u00a0b",
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


NO_DROPS = {
    "folder": (
        *(
            "tiktok/",
            "tiktok/foodies/",
            "tiktok/foodies/email_sha256/",
            "tiktok/foodies/wrong/",
            "/",
        ),
        *("tiktok/foodies/email_sha256/remove/", "tiktok/foodies/email_sha256/_temporary/"),
    ),
    "marker": (
        *("tiktok/foodies/email_sha256/_SUCCESS", "tiktok/foodies/email_sha256/.part.crc"),
        *(
            "tiktok/foodies/email_sha256/_temporary/0/part.csv",
            "tiktok/foodies/email_sha256/a/_b/c",
        ),
        *("tiktok/foodies/email_sha256/../a.csv", "tiktok/foodies/email_sha256/a/./b.csv"),
        *("tiktok/foodies/wrong/_SUCCESS", "tiktok/foodies/email_sha256/replace/june/_CONFIRMED"),
        "tiktok/foodies/email_sha256/remove/_optouts/x.csv",
    ),
    "companion": (
        *("tiktok/foodies/email_sha256/e76.csv.metadata", "tiktok/foodies/email_sha256/manifest"),
        *(
            "tiktok/foodies/email_sha256/q/unload_manifest",
            "tiktok/foodies/email_sha256/x.manifest",
        ),
        *(
            "tiktok/foodies/email_sha256/manifest.json",
            "tiktok/foodies/email_sha256/7-manifest.csv",
        ),
        *("tiktok/foodies/email_sha256/remove/manifest", "tiktok/foodies/emails/e76.csv.metadata"),
        *("tiktok/foodies/e76.csv.metadata", "tiktok/foodies/email_sha256/replace/manifest"),
    ),
}


@pytest.mark.parametrize(
    ("reason", "key"), [(reason, key) for reason, keys in NO_DROPS.items() for key in keys]
)
def test_what_is_no_drop_is_skipped_and_says_why(reason: str, key: str) -> None:
    with pytest.raises(Skipped) as skipped:
        parse_key(key)

    assert skipped.value.reason == reason


@pytest.mark.parametrize(
    "rest",
    [
        "manifest.csv",
        "metadata.csv",
        "manifest/x.csv",
        "x.metadata/y.csv",
        "x-manifest.csv.gz",
        "a_b",
    ],
)
def test_data_named_a_little_like_a_companion_is_a_drop(rest: str) -> None:
    assert parse_key(f"tiktok/foodies/email_sha256/{rest}").action == "append"


def test_key_of_1024_bytes_is_taken() -> None:
    key = "tiktok/foodies/email_sha256/" + "x" * 996

    assert len(key.encode()) == 1024
    assert parse_key(key).key == key


def test_digest_tells_names_apart_and_does_not_show_them() -> None:
    digests = {audience_digest(name) for name in ("foodies", "Foodies", "foodies ", "")}

    assert len(digests) == 4
    assert all(len(d) == 12 and int(d, 16) >= 0 for d in digests)


@pytest.mark.parametrize(
    ("shown", "compared"),
    [
        ("shoes", "shoes"),
        (" shoes\u00a0", "shoes"),
        ("cafe\u0301", "caf\u00e9"),
        ("Shoes", "Shoes"),
    ],
)
def test_names_are_compared_in_nfc_without_white_space_at_the_ends(
    shown: str, compared: str
) -> None:
    assert comparable_name(shown) == compared
