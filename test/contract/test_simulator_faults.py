"""Section 14: faults on demand, and what state they leave."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Shelved = Callable[..., str]
Hashes = Callable[..., list[str]]


@pytest.fixture
def create(
    tiktok: Simulator, session: requests.Session, base: str, shelved: Shelved, hashes: Hashes
) -> Callable[[], requests.Response]:
    """Create an audience of 1,000 ids; the answer is not read."""
    body = {
        "advertiser_id": tiktok.advertiser_id,
        "custom_audience_name": "foodies",
        "file_paths": [shelved(hashes(1000))],
        "calculate_type": "EMAIL_SHA256",
    }
    return lambda: session.post(f"{base}create/", json=body, timeout=30)


def test_code_answers_with_that_code_and_changes_nothing(
    tiktok: Simulator, create: Callable[[], requests.Response]
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "code", "value": 51003, "message": "DMP down"})

    answer = create()

    assert (answer.status_code, answer.json()["code"]) == (200, 51003)
    assert (answer.json()["message"], answer.json()["data"]) == ("DMP down", {})
    assert tiktok.audiences() == []


def test_code_20001_is_a_success_with_its_data(
    tiktok: Simulator, create: Callable[[], requests.Response]
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "code", "value": 20001})

    answer = create().json()

    assert answer["code"] == 20001
    assert answer["data"]["custom_audience_id"] == tiktok.audiences("foodies")[0]["id"]


@pytest.mark.parametrize("status", [429, 500, 502, 504])
def test_http_answers_with_that_status_and_html(
    tiktok: Simulator, create: Callable[[], requests.Response], status: int
) -> None:
    tiktok.faults.add({"kind": "http", "value": status, "times": 1})

    answer = create()

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.text.startswith("<html>")
    assert tiktok.audiences() == []
    assert create().json()["code"] == 0


@pytest.mark.parametrize(("kind", "made"), [("cut_before", 0), ("cut_after", 1)])
def test_cut_connection_gives_no_answer_before_or_after_the_effect(
    tiktok: Simulator, create: Callable[[], requests.Response], kind: str, made: int
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": kind, "times": 1})

    with pytest.raises(requests.ConnectionError):
        create()

    assert len(tiktok.audiences("foodies")) == made
    assert tiktok.calls("create")[0]["took_effect"] is (made == 1)
    assert tiktok.calls("create")[0]["code"] is None


def test_cut_in_the_middle_of_an_upload_takes_nothing(tiktok: Simulator, upload: Call) -> None:
    tiktok.faults.add({"endpoint": "upload", "kind": "cut_before", "value": 100_000, "times": 1})

    with pytest.raises(requests.ConnectionError):
        upload(b"x" * 20_000_000)

    assert tiktok.uploads() == []
    assert upload(b"x" * 20_000_000)["code"] == 0


@pytest.mark.parametrize("effect", [True, False])
def test_slow_answers_late_and_acts_before_or_after_the_wait(
    tiktok: Simulator, create: Callable[[], requests.Response], effect: bool
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "slow", "value": 0.3, "effect": effect})
    started = time.monotonic()

    assert create().json()["code"] == 0

    assert time.monotonic() - started >= 0.3
    assert len(tiktok.audiences()) == 1


def test_slow_answer_that_nobody_waits_for_has_taken_effect(
    tiktok: Simulator, session: requests.Session, base: str
) -> None:
    ids = tiktok.seed(count=1)
    tiktok.faults.add({"endpoint": "delete", "kind": "slow", "value": 30})
    body = {"advertiser_id": tiktok.advertiser_id, "custom_audience_ids": ids}

    with pytest.raises(requests.Timeout):
        session.post(f"{base}delete/", json=body, timeout=0.5)

    # The client may leave before the server has read the request.
    latest = time.monotonic() + 30
    while tiktok.audiences() and time.monotonic() < latest:
        time.sleep(0.01)
    assert tiktok.audiences() == []


def test_truncate_cuts_the_body_short_of_its_length(
    tiktok: Simulator, create: Callable[[], requests.Response]
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "truncate", "times": 1})

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        create()

    assert len(tiktok.audiences()) == 1


@pytest.mark.parametrize("value", [None, "OK", ""])
def test_not_json_answers_200_with_something_else(
    tiktok: Simulator, create: Callable[[], requests.Response], value: str | None
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "not_json", "value": value})

    answer = create()

    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(tiktok.audiences()) == 1


def test_huge_answers_with_so_many_bytes(
    tiktok: Simulator, create: Callable[[], requests.Response]
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "huge", "value": 3_000_000})

    answer = create()

    assert len(answer.content) == int(answer.headers["Content-Length"]) == 3_000_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [("missing", "absent"), ("null", None), ("list", []), ("text", "OK"), ("body", "a list")],
)
def test_wrong_shape_answers_with_other_data(
    tiktok: Simulator, create: Callable[[], requests.Response], value: str, expected: object
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "wrong_shape", "value": value})

    answer = create().json()

    assert ("a list" if isinstance(answer, list) else answer.get("data", "absent")) == expected
    assert len(tiktok.audiences()) == 1


def test_faults_of_several_rules_are_slow_and_one_other(tiktok: Simulator, get: Call) -> None:
    tiktok.faults.add(
        {"kind": "slow", "value": 0.05},
        {"kind": "code", "value": 50000, "times": 1},
        {"kind": "code", "value": 50002, "times": 1},
    )

    assert [get("list")["code"] for _ in range(3)] == [50000, 50002, 0]
    assert [call["fault"] for call in tiktok.calls()] == ["slow+code", "slow+code", "slow"]


def test_effect_makes_a_gateway_fault_after_the_call_was_done(
    tiktok: Simulator, create: Callable[[], requests.Response]
) -> None:
    tiktok.faults.add({"endpoint": "create", "kind": "http", "value": 504, "effect": True})

    assert create().status_code == 504
    assert len(tiktok.audiences()) == 1
