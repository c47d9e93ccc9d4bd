"""Audiences made and edited behind the API's back."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Made = Callable[..., str]
Hashes = Callable[..., list[str]]


@pytest.fixture
def control(tiktok: Simulator) -> Callable[..., Any]:
    """control("GET", "state"): the JSON of a call that went well."""

    def control(method: str, path: str, body: object = None) -> Any:
        url = f"{tiktok.url}/_control/{path}"
        answer = requests.request(method, url, json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return control


def test_seeds_are_made_as_asked(
    tiktok: Simulator, control: Call, get: Call, hashes: Hashes
) -> None:
    seeds = [
        {"name": "own", "ids": hashes(2), "calculate_type": "IDFA_SHA256"},
        {"name": "many", "count": 3, "size": 10},
        {"name": "same", "count": 2, "same_name": True},
        {"name": "small", "is_valid": False},
        {"name": "failed", "is_valid": False, "error_msg": "no"},
        {"name": "md5", "calculate_type": "FIRST_MD5", "size": 4, "cover_num": 3},
    ]

    ids = control("POST", "audiences", seeds)["ids"]

    rows: dict[Any, Any] = {row["id"]: row for row in tiktok.audiences()}
    assert list(rows) == ids
    assert [row["name"] for row in rows.values()] == [
        *("own", "many 1", "many 2", "many 3", "same", "same", "small", "failed", "md5")
    ]
    assert rows[ids[0]]["ids"] == sorted(hashes(2))
    assert [rows[i]["size"] for i in ids[1:4]] == [10, 10, 10]
    assert [rows[i]["status"] for i in ids[5:8]] == ["READY", "TOO_SMALL", "FAILED"]
    assert (rows[ids[8]]["cover_num"], len(rows[ids[8]]["ids"][0])) == (3, 32)
    assert len(get("list")["data"]["list"]) == 9


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param({"name": "new"}, {"name": "new"}, id="rename"),
        pytest.param({"is_valid": False}, {"status": "TOO_SMALL"}, id="not valid"),
        pytest.param(
            {"is_valid": False, "error_msg": "no"},
            {"status": "FAILED", "error_msg": "no"},
            id="failed",
        ),
        pytest.param({"expire": True}, {"status": "EXPIRED", "cover_num": 0}, id="expired"),
        pytest.param(
            {"expired_time": "2020-01-01 00:00:00"}, {"status": "EXPIRED"}, id="expired long ago"
        ),
        pytest.param({"processing_seconds": 60}, {"processing": "update"}, id="busy"),
        pytest.param(
            {"calculate_type": "PHONE_SHA256"}, {"calculate_type": "PHONE_SHA256"}, id="t"
        ),
        pytest.param({"audience_type": "Partner"}, {"type": "Partner"}, id="other type"),
        pytest.param({"cover_num": 5}, {"cover_num": 5}, id="size"),
    ],
)
def test_audience_is_edited_behind_the_apis_back(
    tiktok: Simulator, control: Call, changes: dict[str, Any], shown: dict[str, Any]
) -> None:
    (audience_id,) = tiktok.seed()

    view = control("PATCH", f"audiences/{audience_id}", changes)

    assert {name: view[name] for name in shown} == shown
    assert control("GET", f"audiences/{audience_id}") == view


def test_audience_is_finished_or_failed_or_kept_busy_on_demand(
    tiktok: Simulator, control: Call, created: Made, post: Call, hashes: Hashes
) -> None:
    done, failed = created(hashes(1000)), created(hashes(1000))

    assert control("PATCH", f"audiences/{done}", {"finish": True})["status"] == "READY"
    view = control("PATCH", f"audiences/{failed}", {"fail": "matching failed"})

    assert (view["status"], view["error_msg"]) == ("FAILED", "matching failed")
    tiktok.edit(done, processing_seconds=3600)
    rename = {"custom_audience_id": done, "custom_audience_name": "x"}
    assert post("update", **rename)["code"] == 40002
    tiktok.advance(3601)
    assert post("update", **rename)["code"] == 0


def test_audience_is_deleted_behind_the_apis_back(tiktok: Simulator, control: Call) -> None:
    (audience_id,) = tiktok.seed()

    control("DELETE", f"audiences/{audience_id}")

    assert tiktok.audiences() == []


def test_edit_that_makes_no_sense_is_refused(tiktok: Simulator) -> None:
    (audience_id,) = tiktok.seed()

    for changes in ({"nonsense": 1}, {"name": 7}, {"expired_time": "soon"}, {"name": None}):
        with pytest.raises(ValueError):
            tiktok.edit(audience_id, **changes)
