"""Section 5: list/."""

import re
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Made = Callable[..., str]
Hashes = Callable[..., list[str]]
KEYS = {
    *("audience_id", "name", "audience_type", "cover_num", "create_time", "expired_time"),
    *("is_valid", "is_expiring", "calculate_type", "shared", "is_creator"),
}


def ids_in(answer: dict[str, Any]) -> list[str]:
    return [row["audience_id"] for row in answer["data"]["list"]]


def test_list_row_has_the_documented_keys(tiktok: Simulator, get: Call) -> None:
    (audience_id,) = tiktok.seed(name="foodies", calculate_type="PHONE_SHA256", size=1500)

    (row,) = get("list")["data"]["list"]

    assert set(row) == KEYS
    assert row["audience_id"] == audience_id
    assert (row["name"], row["audience_type"]) == ("foodies", "Customer File Audience")
    assert (row["calculate_type"], row["cover_num"]) == ("PHONE_SHA256", 1500)
    assert (row["is_valid"], row["is_expiring"]) == (True, False)
    assert (row["shared"], row["is_creator"]) == (False, True)
    for name in ("create_time", "expired_time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row[name])


def test_list_shows_ten_rows_a_page_unless_asked(tiktok: Simulator, get: Call) -> None:
    tiktok.seed(count=25)

    answer = get("list")

    assert len(ids_in(answer)) == 10
    assert answer["data"]["page_info"] == {
        "page": 1,
        "page_size": 10,
        "total_number": 25,
        "total_page": 3,
    }


def test_list_pages_hold_every_row_once_up_to_the_last_inclusive(
    tiktok: Simulator, get: Call
) -> None:
    expected = tiktok.seed(count=205)

    pages = [get("list", page=page, page_size=100) for page in (1, 2, 3, 4)]

    assert [len(ids_in(page)) for page in pages] == [100, 100, 5, 0]
    assert sorted(chain.from_iterable(map(ids_in, pages))) == sorted(expected)
    assert {page["data"]["page_info"]["total_page"] for page in pages} == {3}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"page": 1}, 0),
        ({"page": 0}, 40002),
        ({"page": -1}, 40002),
        ({"page": "x"}, 40002),
        ({"page": ""}, 40002),
        ({"page": "1.0"}, 40002),
        ({"page_size": 1}, 0),
        ({"page_size": 100}, 0),
        ({"page_size": 0}, 40002),
        ({"page_size": 101}, 40002),
    ],
)
def test_list_page_bounds(get: Call, query: dict[str, object], code: int) -> None:
    assert get("list", **query)["code"] == code


@pytest.mark.parametrize("pages", [0, 1])
def test_list_empty_has_the_total_page_that_is_set(
    tiktok: Simulator, get: Call, pages: int
) -> None:
    tiktok.set_options(empty_total_page=pages)

    data = get("list")["data"]

    assert data["list"] == []
    assert (data["page_info"]["total_number"], data["page_info"]["total_page"]) == (0, pages)


@pytest.mark.parametrize(
    ("count", "option", "code"),
    [(1, 40002, 0), (100, 40002, 0), (101, 40002, 40002), (101, 40011, 40011)],
)
def test_list_by_ids_takes_1_to_100(
    tiktok: Simulator, get: Call, count: int, option: int, code: int
) -> None:
    tiktok.set_options(too_many_ids_code=option)
    wanted = tiktok.seed(count=count)
    tiktok.seed(count=5)

    answer = get("list", custom_audience_ids=wanted, page_size=100)

    assert answer["code"] == code
    assert code or sorted(ids_in(answer)) == sorted(wanted)


def test_list_by_no_ids_is_40002(get: Call) -> None:
    assert get("list", custom_audience_ids=[])["code"] == 40002


def test_list_has_no_filter_by_name(tiktok: Simulator, get: Call) -> None:
    tiktok.seed(count=3)

    assert len(ids_in(get("list", name="seeded audience 1", custom_audience_name="x"))) == 3


def test_list_shows_shared_in_rows_and_other_types_but_no_foreign_ones(
    tiktok: Simulator, get: Call
) -> None:
    (own,) = tiktok.seed(name="x")
    (shared,) = tiktok.seed(name="x", is_creator=False)
    (other,) = tiktok.seed(name="x", audience_type="Partner")
    tiktok.seed(name="x", advertiser_id="7000000000000000002")

    rows = {row["audience_id"]: row for row in get("list")["data"]["list"]}

    assert set(rows) == {own, shared, other}
    assert (rows[shared]["is_creator"], rows[shared]["shared"]) == (False, True)
    assert (rows[other]["audience_type"], rows[other]["calculate_type"]) == ("Partner", None)


@pytest.mark.parametrize(
    ("order", "as_made", "steady"),
    [("oldest", True, True), ("newest", False, True), ("shuffled", False, True),
     ("unstable", False, False)],
)  # fmt: skip
def test_list_order_is_as_set(
    tiktok: Simulator, get: Call, order: str, as_made: bool, steady: bool
) -> None:
    tiktok.set_options(list_order=order)
    made = tiktok.seed(count=50)

    first, second = (ids_in(get("list", page_size=100)) for _ in range(2))

    assert (first == made) is as_made
    assert (first == second) is steady
    assert sorted(first) == sorted(made)
    assert order != "newest" or first == made[::-1]


def test_list_shows_a_new_audience_late_when_so_set_and_get_at_once(
    tiktok: Simulator, get: Call, created: Made, hashes: Hashes
) -> None:
    tiktok.set_options(list_lag_seconds=3600)
    audience_id = created(hashes(1000))

    assert ids_in(get("list")) == []
    assert len(get("get", custom_audience_ids=[audience_id])["data"]["list"]) == 1
    tiktok.advance(3601)
    assert ids_in(get("list")) == [audience_id]
