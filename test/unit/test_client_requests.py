"""What the client sends, and how it reads a list that is long, unsteady or late."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from audience_uploader.tiktok.advertiser_requests import Requests
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import ServerFault, TikTokError
from audience_uploader.tiktok.rate_limiter import RateLimiter
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport
from support.events import hashes

from local.tiktok_simulator import Simulator

BASE = "/open_api/v1.3/dmp/custom_audience/"
CANNED = "http://tiktok.invalid"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator() as sim:
        yield sim


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.reset()
    running.set_options(floor=0, processing_seconds=0.0, keep_uploads=True)
    return running


@pytest.fixture
def observed() -> list[TikTokError | None]:
    return []


def client_for(url: str, observed: list[TikTokError | None]) -> TikTokClient:
    pace = RateLimiter(0, clock=lambda: 0.0, sleep=lambda s: None)
    requests = Requests(
        Transport(url, "simulator-token", limiter=pace),
        "7000000000000000001",
        retry=RetryPolicy(0.5, lambda s: None, lambda: 0.5),
        time_left=lambda: 20.0,
        observe=observed.append,
    )
    return TikTokClient(requests, clock=lambda: 1_800_000_000.0)


def test_upload_create_append_and_get_work_together(
    simulator: Simulator, observed: list[TikTokError | None]
) -> None:
    client = client_for(simulator.url, observed)
    paths = []
    for start in (0, 5):
        content = "".join(f"{i}\n" for i in hashes(start, 5)).encode()
        uploaded = client.upload(
            "a.csv", [content].copy, size=len(content), md5=hashlib.md5(content).hexdigest(),
            calculate_type="EMAIL_SHA256", time_left=lambda: 20.0,
        )  # fmt: skip
        assert simulator.content(uploaded.file_path) == content
        paths.append(uploaded.file_path)

    made = client.create("foodies", calculate_type="EMAIL_SHA256", file_paths=paths[:1])
    simulator.advance(1)
    client.update(made.audience_id, action="APPEND", file_paths=paths[1:])

    found = client.get_audience(made.audience_id)
    assert found
    assert (found.name, found.is_own_file, found.is_valid) == ("foodies", True, True)
    assert simulator.audiences("foodies")[0]["ids"] == sorted(hashes(0, 10))
    assert observed == [None] * 5


def test_changes_are_sent_as_the_contract_has_them(observed: list[TikTokError | None]) -> None:
    client = client_for(CANNED + "", observed)
    with responses.RequestsMock() as canned:
        data = {"code": 0, "request_id": "r", "data": {"custom_audience_id": "73"}}
        for path in ("create/", "update/"):
            canned.post(CANNED + BASE + path, json=data)
        client.create("a+b %25 ü", calculate_type="EMAIL_SHA256", file_paths=["f1", "f2"])
        client.update("73", action="APPEND", file_paths=["f1"])
        create, update = (json.loads(c.request.body or "") for c in canned.calls)
        tokens = {c.request.headers["Access-Token"] for c in canned.calls}

    assert create == {
        "advertiser_id": "7000000000000000001",
        "custom_audience_name": "a+b %25 ü",
        "file_paths": ["f1", "f2"],
        "calculate_type": "EMAIL_SHA256",
    }
    assert update == {
        "advertiser_id": "7000000000000000001",
        "custom_audience_id": "73",
        "file_paths": ["f1"],
        "action": "APPEND",
    }
    assert tokens == {"simulator-token"}


@pytest.mark.parametrize("order", ["newest", "oldest", "shuffled", "unstable"])
def test_list_is_read_to_its_last_page_in_any_order(
    simulator: Simulator, observed: list[TikTokError | None], order: str
) -> None:
    [wanted] = simulator.seed(name="foodies")
    others = simulator.seed(name="other", count=229)
    simulator.seed(name="foodies", is_creator=False)
    simulator.set_options(list_order=order, seed=4)

    found = client_for(simulator.url, observed).list_audiences()

    assert {a.audience_id for a in found} >= {wanted, *others}
    assert len(found) == 231
    assert [a.audience_id for a in found if a.name == "foodies" and a.is_own_file] == [wanted]
    pages = [c["details"]["page"] for c in simulator.calls("list")]  # type: ignore[index]
    assert pages[:3] == [1, 2, 3]


@pytest.mark.parametrize("total_page", [0, 1])
def test_empty_list_is_empty_whatever_number_of_pages_it_claims(
    simulator: Simulator, observed: list[TikTokError | None], total_page: int
) -> None:
    simulator.set_options(empty_total_page=total_page)

    assert client_for(simulator.url, observed).list_audiences() == []


def test_new_audience_is_not_in_the_list_until_its_lag_is_over(
    simulator: Simulator, observed: list[TikTokError | None]
) -> None:
    simulator.set_options(list_lag_seconds=600.0)
    client = client_for(simulator.url, observed)
    content = f"{hashes(0, 1)[0]}\n".encode()
    md5 = hashlib.md5(content).hexdigest()
    uploaded = client.upload("a.csv", lambda: [content], size=65, md5=md5,
                             calculate_type="EMAIL_SHA256", time_left=lambda: 20.0)  # fmt: skip
    made = client.create("foodies", calculate_type="EMAIL_SHA256", file_paths=[uploaded.file_path])

    assert client.list_audiences() == []
    assert client.get_audience(made.audience_id)
    simulator.advance(601)
    assert [a.name for a in client.list_audiences()] == ["foodies"]


def page(number: int, total_number: int) -> dict[str, Any]:
    info = {"page": number, "total_page": 1, "total_number": total_number}
    return {"code": 0, "request_id": "r", "data": {"page_info": info, "list": []}}


def test_list_that_never_shows_what_it_counts_is_a_fault_and_not_an_absence(
    observed: list[TikTokError | None],
) -> None:
    client = client_for(CANNED, observed)
    with responses.RequestsMock() as canned:
        canned.get(CANNED + BASE + "list/", json=page(1, 1))

        with pytest.raises(ServerFault, match="counts 1"):
            client.list_audiences()


@pytest.mark.parametrize("fault", ["slow", "huge"])
def test_answer_that_is_too_slow_or_too_large_is_cut_off(
    simulator: Simulator, observed: list[TikTokError | None], fault: str
) -> None:
    value = 0.5 if fault == "slow" else 5_000_000
    simulator.faults.add({"kind": fault, "value": value, "endpoint": "list", "times": 1})
    client = client_for(simulator.url, observed)
    client._requests._time_left = iter([0.15, 20.0]).__next__

    assert client.list_audiences() == []

    assert [type(error) for error in observed] == [ServerFault, type(None)]


def test_every_request_and_its_error_is_told_of(
    simulator: Simulator, observed: list[TikTokError | None]
) -> None:
    simulator.faults.add({"kind": "http", "value": 502, "times": 1})

    client_for(simulator.url, observed).list_audiences()

    assert [type(error) for error in observed] == [ServerFault, type(None)]
    assert observed[0]
    assert observed[0].http_status == 502
