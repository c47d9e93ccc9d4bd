"""The client against the simulator and against canned answers: the same cases, the same ends."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from audience_uploader.tiktok.advertiser_requests import Requests
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import (
    AudienceBusy,
    AudienceUnknown,
    BelowMinimum,
    CredentialsRefused,
    FileRefused,
    RateLimited,
    Refused,
    ServerFault,
    TikTokError,
)
from audience_uploader.tiktok.rate_limiter import RateLimiter
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport
from support.events import hashes

from local.tiktok_simulator import Simulator

BASE = "/open_api/v1.3/dmp/custom_audience/"
CANNED = "http://tiktok.invalid"
PATHS = {"upload": "file/upload/", "create": "create/", "update": "update/", "list": "list/",
         "get": "get/"}  # fmt: skip
ANSWERED = {
    "upload": {"file_path": "0123456789abcdef"},
    "create": {"custom_audience_id": "73"},
    "update": {},
    "list": {"page_info": {"total_page": 1, "total_number": 0}, "list": []},
    "get": {"list": []},
}
Spoil = Callable[[str, dict[str, Any]], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "audience-1.csv"
    file.write_text("".join(f"{i}\n" for i in hashes(0, 3)))
    return file


def client_for(url: str, *, token: str = "simulator-token", slept: Any = None) -> TikTokClient:
    pace = RateLimiter(0, clock=lambda: 0.0, sleep=lambda s: None)
    slept = slept if slept is not None else []
    requests = Requests(
        Transport(url, token, limiter=pace),
        "7000000000000000001",
        retry=RetryPolicy(0.5, slept.append, lambda: 0.5),
        time_left=lambda: 20.0,
        observe=lambda error: None,
    )
    return TikTokClient(requests, clock=lambda: 1_800_000_000.0)


def call(client: TikTokClient, endpoint: str, path: Path) -> object:
    content = path.read_bytes()
    md5 = hashlib.md5(content).hexdigest()
    calls: dict[str, Callable[[], object]] = {
        "upload": lambda: client.upload("a.csv", lambda: [content], size=len(content), md5=md5,
                                        calculate_type="EMAIL_SHA256", time_left=lambda: 20.0),
        "create": lambda: client.create("foodies", calculate_type="EMAIL_SHA256",
                                        file_paths=["0123456789abcdef"]),
        "update": lambda: client.update(
            "73", action="APPEND", file_paths=["0123456789abcdef"]
        ),
        "list": client.list_audiences,
        "get": lambda: client.get_audience("73"),
    }  # fmt: skip
    return calls[endpoint]()


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as sim:
        yield sim


@pytest.fixture(params=["simulator", "canned"])
def double(request: pytest.FixtureRequest, simulator: Simulator) -> Iterator[tuple[str, Spoil]]:
    """Give a TikTok, and a way to spoil its answers at an endpoint from now on."""
    if request.param == "simulator":
        simulator.reset()
        yield simulator.url, lambda endpoint, f: simulator.faults.add({**f, "endpoint": endpoint})
    else:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as canned:
            yield (
                CANNED,
                lambda endpoint, f: canned.add_callback(
                    responses.GET if endpoint in ("list", "get") else responses.POST,
                    CANNED + BASE + PATHS[endpoint],
                    callback=lambda request: spoilt(f, endpoint),
                ),
            )


def spoilt(fault: dict[str, Any], endpoint: str) -> tuple[int, dict[str, str], str]:
    """Answer what the simulator would, as written down by hand."""
    kind, value = fault["kind"], fault.get("value")
    if kind == "cut_before":
        raise requests.ConnectionError("cut")
    if kind == "http":
        return int(value or 0), {}, "<html>Gateway fault</html>"
    envelope = {"code": 0, "message": "OK", "request_id": "2026ABC", "data": ANSWERED[endpoint]}
    if kind == "code":
        envelope |= {"code": value, "message": fault.get("message", ""), "data": {}}
    if kind == "wrong_shape":
        envelope["data"] = {"null": None, "list": [], "text": "OK"}[str(value)]
    text = json.dumps(envelope)
    return (
        200,
        {},
        {"not_json": "<html></html>", "truncate": text[: len(text) // 2]}.get(kind, text),
    )


CASES: list[tuple[dict[str, Any], type[TikTokError]]] = [
    *(({"kind": "code", "value": c}, ServerFault) for c in (40202, 50000, 50002, 51003, 60001)),
    *(({"kind": "code", "value": c}, RateLimited) for c in (40100, 40016, 40133)),
    *(({"kind": "code", "value": c}, CredentialsRefused) for c in (40001, 40105, 40300)),
    *(({"kind": "code", "value": c}, FileRefused) for c in (40900, 40905, 40910)),
    ({"kind": "code", "value": 40002, "message": "Audience is not editable"}, AudienceBusy),
    ({"kind": "code", "value": 40002, "message": "fewer than 1000 users"}, BelowMinimum),
    ({"kind": "code", "value": 40700}, Refused),
    *(({"kind": "http", "value": status}, ServerFault) for status in (404, 429, 500, 502, 504)),
    *(({"kind": kind}, ServerFault) for kind in ("cut_before", "not_json", "truncate")),
    *(({"kind": "wrong_shape", "value": v}, ServerFault) for v in ("null", "list", "text")),
]
READS = [endpoint for endpoint in PATHS if endpoint not in ("create", "update")]
ALL_CASES = [
    (endpoint, fault, kind)
    for fault, kind in CASES
    for endpoint in (READS if fault["kind"] == "wrong_shape" else PATHS)
]


def name_of(value: object) -> str:
    return " ".join(map(str, value.values())) if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(("endpoint", "fault", "kind"), ALL_CASES, ids=name_of)
def test_spoilt_answer_ends_in_the_same_error_from_either(
    double: tuple[str, Spoil],
    path: Path,
    endpoint: str,
    fault: dict[str, Any],
    kind: type[TikTokError],
) -> None:
    url, spoil = double
    spoil(endpoint, fault)
    slept: list[float] = []
    client = client_for(url, slept=slept)

    with pytest.raises(TikTokError) as error:
        call(client, endpoint, path)

    assert error.type is kind
    repeated = kind in (ServerFault, RateLimited) and (endpoint, kind) != ("create", ServerFault)
    assert slept == ([0.5, 1.0] if repeated else [])


@pytest.mark.parametrize(("code", "text"), [(40007, "Gone."), (40002, "It does not exist.")])
def test_audience_that_get_does_not_know_is_none_from_either(
    double: tuple[str, Spoil], path: Path, code: int, text: str
) -> None:
    url, spoil = double
    spoil("get", {"kind": "code", "value": code, "message": text})

    assert call(client_for(url), "get", path) is None


def test_duplicated_create_is_a_fault_that_may_have_acted(
    double: tuple[str, Spoil], path: Path
) -> None:
    url, spoil = double
    spoil("create", {"kind": "code", "value": 40050, "message": "Duplicated."})

    with pytest.raises(ServerFault):
        call(client_for(url), "create", path)


def test_unknown_audience_is_told_from_a_refusal(double: tuple[str, Spoil], path: Path) -> None:
    url, spoil = double
    spoil("update", {"kind": "code", "value": 40007, "message": ""})

    with pytest.raises(AudienceUnknown):
        call(client_for(url), "update", path)
