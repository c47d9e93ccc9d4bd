"""Section 4: update/ of the sub-type, and of audiences that are not one's own."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Hashes = Callable[..., list[str]]
Shelved = Callable[..., str]
Made = Callable[..., str]


@pytest.mark.parametrize(("option", "code"), [(40007, 40007), (40002, 40002)])
def test_update_of_an_unknown_audience_is_refused(
    tiktok: Simulator, post: Call, option: int, code: int
) -> None:
    tiktok.set_options(unknown_code=option)

    answer = post("update", custom_audience_id="7" * 19, custom_audience_name="x")

    assert answer["code"] == code


def test_update_of_another_advertisers_audience_is_unknown(tiktok: Simulator, post: Call) -> None:
    (foreign,) = tiktok.seed(advertiser_id="7000000000000000002")

    assert post("update", custom_audience_id=foreign, custom_audience_name="x")["code"] == 40007


def test_update_of_a_shared_in_audience_is_refused(tiktok: Simulator, post: Call) -> None:
    (shared,) = tiktok.seed(is_creator=False)

    assert post("update", custom_audience_id=shared, custom_audience_name="x")["code"] == 40001


@pytest.mark.parametrize("kind", ["Lookalike Audience", "Engagement Audience", "Partner"])
def test_update_with_files_of_no_customer_file_audience_is_40002(
    tiktok: Simulator, post: Call, shelved: Shelved, hashes: Hashes, kind: str
) -> None:
    (other,) = tiktok.seed(audience_type=kind)

    answer = post("update", custom_audience_id=other, file_paths=[shelved(hashes(2000))])

    assert answer["code"] == 40002
    assert "customer file" in answer["message"]
    assert post("update", custom_audience_id=other, custom_audience_name="x")["code"] == 0


def test_update_of_the_sub_type_ignores_all_other_changes(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    audience_id, path = ready(hashes(1000)), shelved(hashes(2000))
    fields = {"custom_audience_name": "new", "file_paths": [path], "action": "APPEND"}

    answer = post(
        "update", custom_audience_id=audience_id, audience_sub_type="REACH_FREQUENCY", **fields
    )

    assert answer["code"] == 0
    shown = tiktok.audiences()[0]
    assert (shown["sub_type"], shown["name"], shown["size"], shown["processing"]) == (
        "REACH_FREQUENCY",
        "foodies",
        1000,
        None,
    )


def test_update_with_sub_type_normal_ignores_other_changes_when_so_set(
    tiktok: Simulator, post: Call, ready: Made, hashes: Hashes
) -> None:
    tiktok.set_options(normal_sub_type_exclusive=True)
    fields = {"custom_audience_name": "new", "audience_sub_type": "NORMAL"}

    assert post("update", custom_audience_id=ready(hashes(1000)), **fields)["code"] == 0
    assert tiktok.audiences()[0]["name"] == "foodies"


def test_update_of_the_sub_type_goes_one_way(post: Call, ready: Made, hashes: Hashes) -> None:
    audience_id = ready(hashes(1000), audience_sub_type="REACH_FREQUENCY")

    answer = post("update", custom_audience_id=audience_id, audience_sub_type="NORMAL")

    assert answer["code"] == 40002


def test_update_of_the_sub_type_of_a_lookalike_is_an_error(tiktok: Simulator, post: Call) -> None:
    (lookalike,) = tiktok.seed(audience_type="Lookalike Audience")

    answer = post("update", custom_audience_id=lookalike, audience_sub_type="REACH_FREQUENCY")

    assert answer["code"] == 40002
