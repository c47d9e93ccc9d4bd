"""Which calls a fault rule hits, and which rules are refused."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
NAMES = ["upload", "create", "update", "list", "get", "delete"]


@pytest.mark.parametrize("name", NAMES)
def test_fault_of_one_endpoint_leaves_the_others_alone(
    tiktok: Simulator, session: requests.Session, base: str, name: str
) -> None:
    tiktok.faults.add({"endpoint": name, "kind": "http", "value": 503})

    statuses = {
        other: session.request(
            "GET" if other in ("list", "get") else "POST",
            f"{base}{'file/upload' if other == 'upload' else other}/",
            timeout=30,
        ).status_code
        for other in NAMES
    }

    assert statuses == {other: 503 if other == name else 200 for other in NAMES}


@pytest.mark.parametrize(
    "endpoint", ["list", "list/", "/open_api/v1.3/dmp/custom_audience/list/", "*"]
)
def test_fault_names_its_endpoint_by_its_path_too(
    tiktok: Simulator, get: Call, endpoint: str
) -> None:
    tiktok.faults.add({"endpoint": endpoint, "kind": "code", "value": 50000})

    assert get("list")["code"] == 50000


def test_fault_hits_so_many_calls_after_those_it_skips(tiktok: Simulator, get: Call) -> None:
    tiktok.faults.add({"kind": "code", "value": 50000, "times": 2, "skip": 3})

    assert [get("list")["code"] for _ in range(7)] == [0, 0, 0, 50000, 50000, 0, 0]


def test_fault_with_a_probability_hits_the_same_calls_for_the_same_seed(
    tiktok: Simulator, get: Call
) -> None:
    runs = []
    for seed in (7, 7, 8):
        tiktok.faults.clear()
        rule = {"kind": "code", "value": 50000, "probability": 0.3, "seed": seed}
        tiktok.faults.add(rule)
        runs.append([get("list")["code"] for _ in range(100)])

    assert runs[0] == runs[1] != runs[2]
    assert 10 <= runs[0].count(50000) <= 50


def test_fault_comes_before_the_token_is_looked_at(tiktok: Simulator, base: str) -> None:
    tiktok.faults.add({"kind": "http", "value": 502})

    assert requests.get(f"{base}list/", timeout=30).status_code == 502


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "explode"},
        {"kind": "code"},
        {"kind": "code", "value": "50000"},
        {"kind": "http", "value": True},
        {"kind": "cut_after", "endpoint": "nowhere"},
        {"kind": "cut_after", "times": 1.5},
        {"kind": "cut_after", "times": -1},
        {"kind": "cut_after", "probability": 2},
        {"kind": "cut_after", "took": 1},
        {"kind": "cut_after", "how_often": 1},
        {"kind": "huge", "value": "many"},
        {"kind": "wrong_shape", "value": "round"},
        {"kind": "cut_before", "effect": True},
        {"kind": "http", "value": 500, "effect": "yes"},
        {"kind": "code", "value": 50000, "message": 7},
    ],
)
def test_fault_that_makes_no_sense_is_refused(tiktok: Simulator, rule: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        tiktok.faults.add({"kind": "cut_after"}, rule)

    assert tiktok.faults.listed() == []
