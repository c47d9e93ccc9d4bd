"""Section 3: create/."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Hashes = Callable[..., list[str]]
Shelved = Callable[..., str]


@pytest.fixture
def fields(shelved: Shelved, hashes: Hashes) -> dict[str, Any]:
    """All that create needs."""
    return {
        "custom_audience_name": "foodies",
        "file_paths": [shelved(hashes(1200))],
        "calculate_type": "EMAIL_SHA256",
    }


def test_create_gives_an_id_that_is_a_string_of_19_digits(
    post: Call, fields: dict[str, Any]
) -> None:
    answer = post("create", **fields)

    assert (answer["code"], list(answer["data"])) == (0, ["custom_audience_id"])
    audience_id = answer["data"]["custom_audience_id"]
    assert isinstance(audience_id, str)
    assert len(audience_id) == 19
    assert int(audience_id) > 2**53


def test_create_makes_an_audience_that_is_not_valid_yet(
    post: Call, details: Call, fields: dict[str, Any]
) -> None:
    audience_id = post("create", **fields)["data"]["custom_audience_id"]

    shown = details(audience_id)
    assert (shown["is_valid"], shown["cover_num"], shown["error_msg"]) == (False, 0, None)


@pytest.mark.parametrize("name", ["custom_audience_name", "file_paths", "calculate_type"])
def test_create_without_a_field_is_40002_and_names_it(
    post: Call, fields: dict[str, Any], name: str
) -> None:
    answer = post("create", **fields | {name: None})

    assert answer["code"] == 40002
    assert answer["message"] == f"Missing required field(s): {name}."


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("x", 0, id="shortest"),
        pytest.param("x" * 128, 0, id="longest"),
        pytest.param("ü" * 128, 0, id="longest in characters, not bytes"),
        pytest.param("日本 & + % /\t'", 0, id="any character"),
        pytest.param("x" * 129, 40002, id="too long"),
        pytest.param("", 40002, id="empty"),
        pytest.param(7, 40002, id="no string"),
    ],
)
def test_create_takes_names_of_1_to_128_characters(
    tiktok: Simulator, post: Call, fields: dict[str, Any], name: object, code: int
) -> None:
    assert post("create", **fields | {"custom_audience_name": name})["code"] == code

    assert [row["name"] for row in tiktok.audiences()] == ([name] if code == 0 else [])


@pytest.mark.parametrize(
    "kind", ["MAID_SHA256", "MAID_MD5", "email_sha256", "EMAIL_MD5", "AAID_MD5", 8]
)
def test_create_with_a_type_outside_its_enum_is_40002(
    post: Call, fields: dict[str, Any], kind: object
) -> None:
    assert post("create", **fields | {"calculate_type": kind})["code"] == 40002


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("retention_in_days", 1, 0),
        ("retention_in_days", 365, 0),
        ("retention_in_days", 0, 40002),
        ("retention_in_days", 366, 40002),
        ("retention_in_days", "30", 40002),
        ("audience_sub_type", "NORMAL", 0),
        ("audience_sub_type", "REACH_FREQUENCY", 0),
        ("audience_sub_type", "OTHER", 40002),
        ("audience_enhancement", True, 0),
        ("audience_enhancement", "true", 40002),
        ("unheard_of", 1, 0),
    ],
)
def test_create_checks_its_optional_fields(
    post: Call, fields: dict[str, Any], name: str, value: object, code: int
) -> None:
    assert post("create", **fields, **{name: value})["code"] == code


def test_create_of_the_same_name_makes_a_second_audience(
    tiktok: Simulator, post: Call, fields: dict[str, Any]
) -> None:
    ids = [post("create", **fields)["data"]["custom_audience_id"] for _ in range(2)]

    assert [row["id"] for row in tiktok.audiences("foodies")] == ids
    assert ids[0] != ids[1]


@pytest.mark.parametrize("code", [40002, 40000])
def test_create_beyond_400_owned_audiences_is_refused(
    tiktok: Simulator, post: Call, fields: dict[str, Any], code: int
) -> None:
    tiktok.set_options(cap_code=code)
    owned = tiktok.seed(count=399)
    tiktok.seed(count=10, is_creator=False)

    assert post("create", **fields)["code"] == 0
    assert post("create", **fields)["code"] == code
    post("delete", custom_audience_ids=owned[:1])
    assert post("create", **fields)["code"] == 0
