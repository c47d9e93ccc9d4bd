"""Section 1: paths, envelope, token, scopes, advertisers, and how parameters travel."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
READS = ["list", "get"]
CHANGES = ["create", "update", "delete"]


@pytest.mark.parametrize(
    "path",
    [
        "dmp/custom_audience/list",
        "dmp/custom_audience/",
        "dmp/custom_audience/file/upload",
        "dmp/custom_audience/apply/",
        "segment/audience/",
        "",
    ],
)
def test_path_without_slash_or_unknown_is_http_404(tiktok: Simulator, path: str) -> None:
    # No token either: the path comes first.
    answer = requests.get(f"{tiktok.url}/open_api/v1.3/{path}", timeout=30)

    assert answer.status_code == 404


def test_older_version_is_http_404(tiktok: Simulator) -> None:
    url = f"{tiktok.url}/open_api/v1.2/dmp/custom_audience/list/"

    assert requests.get(url, timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("method", "endpoint"),
    [
        ("POST", "list"),
        ("POST", "get"),
        ("GET", "create"),
        ("GET", "update"),
        ("GET", "delete"),
        ("GET", "file/upload"),
        ("PUT", "create"),
        ("HEAD", "list"),
    ],
)
def test_wrong_method_is_http_405(
    session: requests.Session, base: str, method: str, endpoint: str
) -> None:
    assert session.request(method, f"{base}{endpoint}/", timeout=30).status_code == 405


def test_answer_is_an_envelope_with_a_request_id_of_its_own(get: Call) -> None:
    answers = [get("list") for _ in range(50)]

    assert all(set(a) == {"code", "message", "request_id", "data"} for a in answers)
    assert len({a["request_id"] for a in answers}) == 50
    assert (answers[0]["code"], answers[0]["message"]) == (0, "OK")


def test_refusal_is_http_200_with_empty_data_and_no_retry_header(base: str) -> None:
    answer = requests.get(f"{base}list/", timeout=30)

    assert answer.status_code == 200
    assert answer.json()["data"] == {}
    assert "Retry-After" not in answer.headers
    assert answer.headers["X-TT-LOGID"] == answer.json()["request_id"]
    assert "x-tt-trace-id" in answer.headers


@pytest.mark.parametrize(("token", "code"), [(None, 40104), ("", 40104), ("other", 40105)])
@pytest.mark.parametrize("endpoint", ["list", "create", "file/upload"])
def test_token_missing_or_wrong_is_refused_before_anything_else(
    tiktok: Simulator, base: str, endpoint: str, token: str | None, code: int
) -> None:
    headers = {} if token is None else {"Access-Token": token}
    method = "GET" if endpoint == "list" else "POST"
    tiktok.set_options(scopes=[32])

    answer = requests.request(
        method, f"{base}{endpoint}/", headers=headers, data=b"no form", timeout=30
    ).json()

    assert answer["code"] == code


def test_token_missing_has_the_documented_text(base: str) -> None:
    answer = requests.get(f"{base}list/", timeout=30).json()

    assert answer["message"] == (
        "Access token is null, you should set it in http header with key Access-Token."
    )


def test_token_in_the_query_is_no_token(tiktok: Simulator, base: str) -> None:
    query = {"Access-Token": tiktok.token, "advertiser_id": tiktok.advertiser_id}

    assert requests.get(f"{base}list/", params=query, timeout=30).json()["code"] == 40104


@pytest.mark.parametrize(
    ("scopes", "reads", "changes"),
    [
        pytest.param([3], True, True, id="parent"),
        pytest.param([30], True, False, id="read"),
        pytest.param([31], False, True, id="change"),
        pytest.param([32], False, False, id="share"),
    ],
)
def test_scope_missing_is_40001_before_validation(
    tiktok: Simulator, get: Call, post: Call, scopes: list[int], reads: bool, changes: bool
) -> None:
    tiktok.set_options(scopes=scopes)

    assert all((get(name, page=0)["code"] == 40001) is not reads for name in READS)
    assert all((post(name)["code"] == 40001) is not changes for name in CHANGES)


def test_scope_missing_names_path_and_method(tiktok: Simulator, get: Call) -> None:
    tiktok.set_options(scopes=[31])

    assert get("list")["message"] == (
        "advertiser does not grant you /dmp/custom_audience/list/:GET permission"
    )


@pytest.mark.parametrize("code", [40001, 40300])
def test_advertiser_not_granted_is_refused_before_validation(
    tiktok: Simulator, get: Call, post: Call, upload: Call, code: int
) -> None:
    tiktok.set_options(ungranted_code=code)
    other = "7000000000000000002"

    assert get("list", advertiser_id=other, page=0)["code"] == code
    assert get("get", advertiser_id=other)["code"] == code
    assert all(post(name, advertiser_id=other)["code"] == code for name in CHANGES)
    assert upload(b"", advertiser_id=other, filename="x.zip")["code"] == code


@pytest.mark.parametrize("endpoint", [*READS, *CHANGES])
def test_advertiser_missing_is_a_missing_field(get: Call, post: Call, endpoint: str) -> None:
    call = get if endpoint in READS else post

    answer = call(endpoint, advertiser_id=None)

    assert answer["code"] == 40002
    assert answer["message"].startswith("Missing required field(s): advertiser_id")


@pytest.mark.parametrize("text", ['["{0}","{1}"]', '["{0}", "{1}"]'], ids=["tight", "blank"])
def test_array_in_a_query_is_json(tiktok: Simulator, get: Call, text: str) -> None:
    ids = tiktok.seed(count=3)

    answer = get("get", custom_audience_ids=text.format(*ids))

    shown = [row["audience_details"]["audience_id"] for row in answer["data"]["list"]]
    assert shown == ids[:2]


@pytest.mark.parametrize("text", ["7300000000001000003", "7300,7301", "[7300]", "[", '{"a": 1}'])
def test_array_in_a_query_that_is_no_json_array_of_strings_is_refused(get: Call, text: str) -> None:
    assert get("get", custom_audience_ids=text)["code"] == 40002


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"{", "application/json", id="no JSON"),
        pytest.param(b"[]", "application/json", id="no object"),
        pytest.param(b"a=1", "application/x-www-form-urlencoded", id="a form"),
    ],
)
def test_body_that_is_no_json_object_is_refused(
    session: requests.Session, base: str, body: bytes, content_type: str
) -> None:
    headers = {"Content-Type": content_type}

    answer = session.post(f"{base}create/", data=body, headers=headers, timeout=30)

    assert (answer.status_code, answer.json()["code"]) == (200, 40002)


def test_numeric_advertiser_is_refused_because_ids_are_strings(post: Call) -> None:
    assert post("delete", advertiser_id=7000000000000000001)["code"] == 40002


def test_connection_is_kept_over_answers_of_every_kind(
    tiktok: Simulator, session: requests.Session, base: str, get: Call, upload: Call
) -> None:
    get("list")
    upload(b"x" * 3_000_000, file_signature="wrong")
    session.post(f"{base}nowhere/", data=b"x" * 100_000, timeout=30)
    session.post(f"{base}create/", data=b"x", headers={"Access-Token": "wrong"}, timeout=30)
    get("list")

    assert len(tiktok.calls()) == 5
    assert len({call["connection"] for call in tiktok.calls()}) == 1
