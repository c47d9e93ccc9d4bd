"""Section 3: the files of create/."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Hashes = Callable[..., list[str]]
Shelved = Callable[..., str]
DAY = 86_400


@pytest.fixture
def fields(shelved: Shelved, hashes: Hashes) -> dict[str, Any]:
    """All that create needs."""
    return {
        "custom_audience_name": "foodies",
        "file_paths": [shelved(hashes(1200))],
        "calculate_type": "EMAIL_SHA256",
    }


def test_create_unites_its_files_with_each_id_once(
    tiktok: Simulator, post: Call, shelved: Shelved, hashes: Hashes, fields: dict[str, Any]
) -> None:
    fields["file_paths"] += [shelved(hashes(1000, start=700)), shelved(hashes(5, start=5000))]

    post("create", **fields)

    expected = sorted(hashes(1700) + hashes(5, start=5000))
    assert tiktok.audiences("foodies")[0]["ids"] == expected


@pytest.mark.parametrize(
    ("uploaded", "asked", "code"),
    [
        ("MAID_SHA256", "FIRST_SHA256", 0),
        ("FIRST_SHA256", "FIRST_SHA256", 0),
        ("MAID_MD5", "FIRST_MD5", 0),
        ("MAID_SHA256", "FIRST_MD5", 40909),
        ("EMAIL_SHA256", "PHONE_SHA256", 40909),
        ("IDFA_SHA256", "FIRST_SHA256", 40909),
        ("IDFA_SHA256", "GAID_SHA256", 40909),
    ],
)
def test_create_needs_files_of_its_type_where_maid_is_first(
    post: Call, shelved: Shelved, hashes: Hashes, uploaded: str, asked: str, code: int
) -> None:
    path = shelved(hashes(3), calculate_type=uploaded)

    answer = post("create", custom_audience_name="x", file_paths=[path], calculate_type=asked)

    assert answer["code"] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda path: [path] * 500, 0, id="500"),
        pytest.param(lambda path: [path] * 501, 40002, id="501"),
        pytest.param(lambda _: [], 40002, id="none"),
        pytest.param(lambda path: path, 40002, id="no array"),
        pytest.param(lambda path: [path[:15]], 40002, id="15 characters"),
        pytest.param(lambda path: [path + "0"], 40002, id="17 characters"),
        pytest.param(lambda path: [path, 7], 40002, id="a number among them"),
        pytest.param(lambda path: [path, "0" * 16], 40905, id="one that never was"),
    ],
)
def test_create_takes_1_to_500_paths_of_16_characters(
    tiktok: Simulator,
    post: Call,
    fields: dict[str, Any],
    change: Callable[[str], object],
    code: int,
) -> None:
    paths = change(fields["file_paths"][0])

    assert post("create", **fields | {"file_paths": paths})["code"] == code

    assert len(tiktok.audiences()) == (code == 0)


def test_create_with_another_advertisers_file_is_40905(
    tiktok: Simulator, post: Call, fields: dict[str, Any]
) -> None:
    other = "7000000000000000002"
    tiktok.set_options(advertisers=[tiktok.advertiser_id, other])

    assert post("create", advertiser_id=other, **fields)["code"] == 40905


@pytest.mark.parametrize(("passed", "code"), [(DAY - 60, 0), (DAY, 40910)])
def test_create_with_a_file_older_than_a_day_is_40910(
    tiktok: Simulator, post: Call, fields: dict[str, Any], passed: int, code: int
) -> None:
    tiktok.advance(passed)

    assert post("create", **fields)["code"] == code


@pytest.mark.parametrize(("single", "code"), [(False, 0), (True, 40905)])
def test_create_with_a_used_file_depends_on_the_option(
    tiktok: Simulator, post: Call, fields: dict[str, Any], single: bool, code: int
) -> None:
    tiktok.set_options(single_use_files=single)
    post("create", **fields)

    assert post("create", **fields)["code"] == code


def test_create_that_is_refused_uses_up_no_file(
    tiktok: Simulator, post: Call, fields: dict[str, Any]
) -> None:
    tiktok.set_options(single_use_files=True)
    post("create", **fields | {"custom_audience_name": "x" * 129})

    assert post("create", **fields)["code"] == 0
