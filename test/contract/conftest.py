"""A simulator with the contract's defaults, and a client that knows nothing but HTTP."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Simulator

Answer = dict[str, Any]
BASE = "/open_api/v1.3/dmp/custom_audience/"
TWO_DAYS = 48 * 3600


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def tiktok(running: Simulator) -> Simulator:
    """Give a simulator as new, every option at its default, whose clock only the test moves."""
    running.reset()
    running.freeze()
    return running


@pytest.fixture
def session(tiktok: Simulator) -> Iterator[requests.Session]:
    """Give a keep-alive connection that sends the right token."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Access-Token"] = tiktok.token
        yield session


@pytest.fixture
def base(tiktok: Simulator) -> str:
    """Where the endpoints are; ends with a slash."""
    return tiktok.url + BASE


@pytest.fixture
def post(tiktok: Simulator, session: requests.Session, base: str) -> Callable[..., Answer]:
    """post("create", field=value, ...): the advertiser is added, None takes a field away."""

    def post(endpoint: str, **fields: Any) -> Answer:
        body = {"advertiser_id": tiktok.advertiser_id} | fields
        sent = {name: value for name, value in body.items() if value is not None}
        return dict(session.post(f"{base}{endpoint}/", json=sent, timeout=30).json())

    return post


@pytest.fixture
def get(tiktok: Simulator, session: requests.Session, base: str) -> Callable[..., Answer]:
    """get("list", page=2): lists are sent as one JSON parameter, None takes a field away."""

    def get(endpoint: str, **fields: Any) -> Answer:
        query = {"advertiser_id": tiktok.advertiser_id} | fields
        sent = {k: json.dumps(v) if isinstance(v, list) else v for k, v in query.items()}
        return dict(session.get(f"{base}{endpoint}/", params=sent, timeout=30).json())

    return get


@pytest.fixture
def upload(tiktok: Simulator, session: requests.Session, base: str) -> Callable[..., Answer]:
    """upload(content, field=value, filename=...): a form as it should be, but for what is given."""

    def upload(content: bytes, *, filename: str = "ids.csv", **fields: Any) -> Answer:
        form = {
            "advertiser_id": tiktok.advertiser_id,
            "file_signature": hashlib.md5(content).hexdigest(),
            "calculate_type": "EMAIL_SHA256",
        }
        sent = {name: value for name, value in (form | fields).items() if value is not None}
        files = {"file": (filename, content)}
        return dict(session.post(f"{base}file/upload/", data=sent, files=files, timeout=30).json())

    return upload


@pytest.fixture
def hashes() -> Callable[..., list[str]]:
    """hashes(count, start=0): so many SHA-256 in order of their numbers, the same every time."""

    def hashes(count: int, *, start: int = 0) -> list[str]:
        return [hashlib.sha256(b"%d" % n).hexdigest() for n in range(start, start + count)]

    return hashes


@pytest.fixture
def shelved(upload: Callable[..., Answer]) -> Callable[..., str]:
    """shelved(ids, calculate_type=...): the file_path of an upload of these ids."""

    def shelved(ids: list[str], **fields: Any) -> str:
        answer = upload("".join(f"{i}\n" for i in ids).encode(), **fields)
        assert answer["code"] == 0, answer
        return str(answer["data"]["file_path"])

    return shelved


@pytest.fixture
def created(post: Callable[..., Answer], shelved: Callable[..., str]) -> Callable[..., str]:
    """created(ids, name=..., field=value): the id of a new audience, not yet processed."""

    def created(
        ids: list[str], *, name: str = "foodies", kind: str = "EMAIL_SHA256", **fields: Any
    ) -> str:
        path = shelved(ids, calculate_type=kind)
        answer = post(
            "create", custom_audience_name=name, file_paths=[path], calculate_type=kind, **fields
        )
        assert answer["code"] == 0, answer
        return str(answer["data"]["custom_audience_id"])

    return created


@pytest.fixture
def ready(tiktok: Simulator, created: Callable[..., str]) -> Callable[..., str]:
    """ready(ids, ...): like `created`, and two days have passed."""

    def ready(ids: list[str], **fields: Any) -> str:
        audience_id = created(ids, **fields)
        tiktok.advance(TWO_DAYS)
        return audience_id

    return ready


@pytest.fixture
def details(get: Callable[..., Answer]) -> Callable[[str], Answer]:
    """details(audience_id): its audience_details from get."""

    def details(audience_id: str) -> Answer:
        answer = get("get", custom_audience_ids=[audience_id])
        assert answer["code"] == 0, answer
        return dict(answer["data"]["list"][0]["audience_details"])

    return details
