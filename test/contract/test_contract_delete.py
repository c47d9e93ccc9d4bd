"""Section 7: delete/."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Made = Callable[..., str]
Hashes = Callable[..., list[str]]


def test_delete_takes_the_audiences_away_from_list_and_get(
    tiktok: Simulator, post: Call, get: Call
) -> None:
    ids = tiktok.seed(count=3)

    answer = post("delete", custom_audience_ids=ids[:2])

    assert (answer["code"], answer["data"]) == (0, {})
    assert [row["audience_id"] for row in get("list")["data"]["list"]] == ids[2:]
    assert len(get("get", custom_audience_ids=ids)["data"]["list"]) == 1


@pytest.mark.parametrize(("count", "code"), [(0, 40002), (1, 0), (100, 0), (101, 40002)])
def test_delete_takes_1_to_100_ids(tiktok: Simulator, post: Call, count: int, code: int) -> None:
    ids = tiktok.seed(count=count) if count else []

    assert post("delete", custom_audience_ids=ids)["code"] == code


@pytest.mark.parametrize("ids", [None, "7300000000001000003", [7300000000001000003], {"a": 1}])
def test_delete_without_an_array_of_strings_is_40002(post: Call, ids: object) -> None:
    assert post("delete", custom_audience_ids=ids)["code"] == 40002


def test_delete_of_an_unknown_id_deletes_nothing(tiktok: Simulator, post: Call) -> None:
    (own,) = tiktok.seed()

    assert post("delete", custom_audience_ids=[own, "7" * 19])["code"] == 40007
    assert len(tiktok.audiences()) == 1


def test_delete_of_a_shared_in_audience_is_refused(tiktok: Simulator, post: Call) -> None:
    ids = tiktok.seed(is_creator=False)

    assert post("delete", custom_audience_ids=ids)["code"] == 40001
    assert len(tiktok.audiences()) == 1


def test_delete_works_while_an_audience_is_processed(
    tiktok: Simulator, post: Call, created: Made, hashes: Hashes
) -> None:
    audience_id = created(hashes(1000))

    assert post("delete", custom_audience_ids=[audience_id])["code"] == 0
    assert tiktok.audiences() == []
