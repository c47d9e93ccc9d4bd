"""Section 6: get/."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Made = Callable[..., str]
Shelved = Callable[..., str]
Hashes = Callable[..., list[str]]
TWO_DAYS = 48 * 3600
KEYS = {
    *("audience_id", "name", "type", "audience_sub_type", "calculate_type", "cover_num"),
    *("is_valid", "is_expiring", "is_auto_refresh", "shared", "is_creator", "owner_id"),
    *("create_time", "expired_time", "msg", "error_msg", "rule", "lookalike_spec"),
    *("audience_enhancement", "enhancement_status"),
}


def test_get_has_the_documented_keys_with_type_and_not_audience_type(
    tiktok: Simulator, details: Call
) -> None:
    (audience_id,) = tiktok.seed(name="foodies")

    shown = details(audience_id)

    assert set(shown) == KEYS
    assert (shown["audience_id"], shown["name"]) == (audience_id, "foodies")
    assert (shown["type"], shown["owner_id"]) == ("Customer File Audience", tiktok.advertiser_id)
    unset = ("msg", "error_msg", "rule", "lookalike_spec", "is_auto_refresh")
    assert {shown[name] for name in unset} == {None}


@pytest.mark.parametrize(
    ("kind", "rule", "lookalike"),
    [
        ("Lookalike Audience", type(None), list),
        ("Website Audience", str, type(None)),
        ("Partner", type(None), type(None)),
    ],
)
def test_get_of_other_types_has_rule_or_lookalike_spec(
    tiktok: Simulator, details: Call, kind: str, rule: type, lookalike: type
) -> None:
    shown = details(tiktok.seed(audience_type=kind)[0])

    assert (type(shown["rule"]), type(shown["lookalike_spec"])) == (rule, lookalike)
    assert shown["calculate_type"] is None


def test_get_of_a_shared_in_audience_names_its_creator_as_owner(
    tiktok: Simulator, details: Call
) -> None:
    (shared,) = tiktok.seed(is_creator=False, owner_id="7111111111111111111")

    shown = details(shared)

    assert (shown["owner_id"], shown["is_creator"]) == ("7111111111111111111", False)


def test_get_history_begins_with_create_and_its_count_as_text(
    tiktok: Simulator, get: Call, created: Made, hashes: Hashes
) -> None:
    audience_id = created(hashes(1234))

    (entry,) = get("get", custom_audience_ids=[audience_id])["data"]["list"][0]["audience_history"]
    assert set(entry) == {"action", "action_detail", "editor", "msg", "opt_time"}
    assert (entry["action"], entry["editor"], entry["action_detail"]) == (
        "create",
        "open_api",
        None,
    )
    tiktok.advance(TWO_DAYS)
    (entry,) = get("get", custom_audience_ids=[audience_id])["data"]["list"][0]["audience_history"]
    assert entry["action_detail"] == "1234"


@pytest.mark.parametrize(
    ("size", "code"), [(1, 0), (100, 0), (0, 40002), (101, 40002), ("x", 40002)]
)
def test_get_history_size_is_1_to_100(
    tiktok: Simulator, get: Call, ready: Made, shelved: Shelved, hashes: Hashes, post: Call,
    size: object, code: int,
) -> None:  # fmt: skip
    audience_id, path = ready(hashes(1000)), shelved(hashes(1))
    post("update", custom_audience_id=audience_id, file_paths=[path], action="APPEND")

    answer = get("get", custom_audience_ids=[audience_id], history_size=size)

    assert answer["code"] == code
    if code == 0:
        actions = [e["action"] for e in answer["data"]["list"][0]["audience_history"]]
        assert actions == (["append"] if size == 1 else ["create", "append"])


@pytest.mark.parametrize(
    ("count", "option", "code"),
    [(0, 40002, 40002), (1, 40002, 0), (100, 40002, 0), (101, 40002, 40002), (101, 40011, 40011)],
)
def test_get_takes_1_to_100_ids(
    tiktok: Simulator, get: Call, count: int, option: int, code: int
) -> None:
    tiktok.set_options(too_many_ids_code=option)
    ids = tiktok.seed(count=count) if count else []

    answer = get("get", custom_audience_ids=ids)

    assert answer["code"] == code
    assert code or len(answer["data"]["list"]) == count


def test_get_without_ids_is_40002_and_says_so(get: Call) -> None:
    answer = get("get")

    assert (answer["code"], answer["message"]) == (
        40002,
        "Missing required field(s): custom_audience_ids.",
    )


@pytest.mark.parametrize(("how", "code"), [("omit", 0), ("40002", 40002), ("40007", 40007)])
def test_get_of_an_unknown_or_foreign_id_is_as_set(
    tiktok: Simulator, get: Call, how: str, code: int
) -> None:
    tiktok.set_options(unknown_in_get=how)
    (own,) = tiktok.seed()
    (foreign,) = tiktok.seed(advertiser_id="7000000000000000002")

    answer = get("get", custom_audience_ids=["7" * 19, own, foreign])

    assert answer["code"] == code
    rows = answer["data"].get("list", [])
    assert [row["audience_details"]["audience_id"] for row in rows] == ([] if code else [own])


def test_get_times_can_differ_from_those_of_list(
    tiktok: Simulator, get: Call, details: Call
) -> None:
    (audience_id,) = tiktok.seed()
    listed = get("list")["data"]["list"][0]["create_time"]
    assert details(audience_id)["create_time"] == listed

    tiktok.set_options(get_time_offset_hours=8)

    assert details(audience_id)["create_time"] != listed
