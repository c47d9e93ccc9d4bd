"""Section 11: processing, the floor, expiry; section 9: rate limits."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Made = Callable[..., str]
Shelved = Callable[..., str]
Hashes = Callable[..., list[str]]
HOUR = 3600
DAY = 24 * HOUR


def test_audience_becomes_valid_after_48_hours(
    tiktok: Simulator, created: Made, hashes: Hashes, details: Call
) -> None:
    audience_id = created(hashes(1000))

    tiktok.advance(48 * HOUR - 60)
    assert (details(audience_id)["is_valid"], details(audience_id)["cover_num"]) == (False, 0)
    tiktok.advance(61)
    assert (details(audience_id)["is_valid"], details(audience_id)["cover_num"]) == (True, 1000)


def test_audience_becomes_valid_in_real_time_too(
    tiktok: Simulator, created: Made, hashes: Hashes, details: Call
) -> None:
    tiktok.set_options(processing_seconds=0.0)

    assert details(created(hashes(1000)))["is_valid"] is True


def test_update_can_take_another_time_than_create(
    tiktok: Simulator, ready: Made, shelved: Shelved, hashes: Hashes, post: Call
) -> None:
    tiktok.set_options(update_seconds=HOUR)
    audience_id, path = ready(hashes(1000)), shelved(hashes(1))
    post("update", custom_audience_id=audience_id, file_paths=[path], action="APPEND")

    assert tiktok.audiences()[0]["processing"] == "APPEND"
    tiktok.advance(HOUR + 1)
    assert tiktok.audiences()[0]["processing"] is None


@pytest.mark.parametrize(
    ("count", "rate", "floor", "cover", "status"),
    [
        pytest.param(1000, 1.0, 1000, 1000, "READY", id="just enough"),
        pytest.param(999, 1.0, 1000, 0, "TOO_SMALL", id="one too few"),
        pytest.param(2000, 0.5, 1000, 1000, "READY", id="half of them match"),
        pytest.param(1999, 0.5, 1000, 0, "TOO_SMALL", id="half of them are too few"),
        pytest.param(1, 1.0, 0, 1, "READY", id="no floor"),
        pytest.param(1500, 0.58, 870, 870, "READY", id="no rounding error"),
    ],
)
def test_audience_is_usable_only_from_1000_matches(
    tiktok: Simulator,
    ready: Made,
    hashes: Hashes,
    details: Call,
    count: int,
    rate: float,
    floor: int,
    cover: int,
    status: str,
) -> None:
    tiktok.set_options(match_rate=rate, floor=floor)

    audience_id = ready(hashes(count))

    assert details(audience_id)["cover_num"] == cover
    assert details(audience_id)["is_valid"] is (status == "READY")
    assert details(audience_id)["error_msg"] is None
    assert tiktok.audiences()[0]["status"] == status


def test_audience_created_with_size_0_takes_no_edit_for_ever(
    tiktok: Simulator, ready: Made, shelved: Shelved, hashes: Hashes, post: Call
) -> None:
    audience_id = ready(hashes(999))
    tiktok.advance(30 * DAY)
    path = shelved(hashes(2000))

    answer = post("update", custom_audience_id=audience_id, file_paths=[path], action="APPEND")

    assert answer["code"] == 40002
    assert "not editable" in answer["message"]


def test_audience_expires_365_days_after_its_last_change(
    tiktok: Simulator, ready: Made, hashes: Hashes, details: Call, post: Call
) -> None:
    audience_id = ready(hashes(1000))

    tiktok.advance(310 * DAY)
    assert details(audience_id)["is_expiring"]
    post("update", custom_audience_id=audience_id, custom_audience_name="new")
    assert not details(audience_id)["is_expiring"]
    tiktok.advance(364 * DAY)
    assert details(audience_id)["is_valid"]
    tiktok.advance(2 * DAY)
    assert not details(audience_id)["is_valid"]


def test_audience_with_retention_expires_then_whatever_happens(
    tiktok: Simulator, ready: Made, hashes: Hashes, details: Call, post: Call
) -> None:
    audience_id = ready(hashes(1000), retention_in_days=90)

    tiktok.advance(27 * DAY)
    assert not details(audience_id)["is_expiring"]
    tiktok.advance(2 * DAY)
    assert details(audience_id)["is_expiring"]
    assert post("update", custom_audience_id=audience_id, custom_audience_name="n")["code"] == 0
    tiktok.advance(60 * DAY)
    assert not details(audience_id)["is_valid"]


def test_expired_audience_is_empty_and_takes_nothing_but_delete(
    tiktok: Simulator, ready: Made, shelved: Shelved, hashes: Hashes, details: Call, post: Call
) -> None:
    audience_id = ready(hashes(1000), retention_in_days=3)
    tiktok.advance(2 * DAY)

    shown = details(audience_id)

    assert (shown["is_valid"], shown["cover_num"], shown["is_expiring"]) == (False, 0, False)
    assert tiktok.audiences()[0]["status"] == "EXPIRED"
    for fields in ({"custom_audience_name": "x"}, {"file_paths": [shelved(hashes(1000))]}):
        assert post("update", custom_audience_id=audience_id, **fields)["code"] == 40002
    assert post("delete", custom_audience_ids=[audience_id])["code"] == 0


@pytest.mark.parametrize(
    ("limit", "opens_after"), [("qps", 1), ("qpm", 301), ("qpd", DAY)], ids=["qps", "qpm", "qpd"]
)
def test_app_over_its_limit_is_40100_in_the_body_until_the_window_opens(
    tiktok: Simulator, get: Call, limit: str, opens_after: int
) -> None:
    tiktok.set_options(**{limit: 5})

    codes = [get("list")["code"] for _ in range(7)]

    assert codes == [0] * 5 + [40100] * 2
    tiktok.advance(opens_after)
    assert get("list")["code"] == 0


def test_app_over_its_minute_is_refused_for_5_minutes(tiktok: Simulator, get: Call) -> None:
    tiktok.set_options(qpm=2)
    assert [get("list")["code"] for _ in range(3)] == [0, 0, 40100]

    tiktok.advance(290)

    assert get("list")["code"] == 40100


def test_app_over_its_limit_is_told_so_without_a_header(
    tiktok: Simulator, session: requests.Session, base: str
) -> None:
    tiktok.set_options(qpd=1)

    answers = [session.get(f"{base}list/", timeout=30) for _ in range(3)]

    assert answers[-1].status_code == 200
    assert answers[-1].json()["message"] == "App reaches the QPS limit."
    assert not {name.lower() for name in answers[-1].headers} & {"retry-after", "x-ratelimit-limit"}


def test_app_has_no_limit_by_default(tiktok: Simulator, get: Call) -> None:
    assert {get("list")["code"] for _ in range(60)} == {0}


def test_advertiser_over_its_limit_is_40133_for_that_path_alone(
    tiktok: Simulator, get: Call
) -> None:
    tiktok.set_options(advertiser_qps=3)

    *answers, refused = [get("list") for _ in range(4)]

    assert [a["code"] for a in answers] == [0] * 3
    assert refused["code"] == 40133
    assert refused["message"] == (
        f"Advertiser ({tiktok.advertiser_id})'s QPS (4) reaches QPS limit 3 for current path,"
        " request is temporarily restricted."
    )
    assert get("get", custom_audience_ids=["7"])["code"] == 0
