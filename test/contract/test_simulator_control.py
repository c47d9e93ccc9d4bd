"""The control API, and that people and tests see the same through it."""

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


def test_state_shows_audiences_by_advertiser_with_ids_when_asked(
    tiktok: Simulator, control: Call, created: Made, hashes: Hashes
) -> None:
    audience_id = created(hashes(1000), name="foodies", kind="PHONE_SHA256")

    (shown,) = control("GET", "state")["advertisers"][tiktok.advertiser_id]
    (whole,) = control("GET", "state?ids=1")["advertisers"][tiktok.advertiser_id]

    assert (shown["id"], shown["name"], shown["size"]) == (audience_id, "foodies", 1000)
    assert (shown["type"], shown["calculate_type"]) == ("Customer File Audience", "PHONE_SHA256")
    assert (shown["is_valid"], shown["status"], shown["cover_num"]) == (False, "PROCESSING", 0)
    assert "ids" not in shown
    assert (shown["size"], shown["applied_size"]) == (1000, 0)
    assert whole == shown | {"ids": sorted(hashes(1000)), "applied_ids": []}
    assert tiktok.state(ids=True)["advertisers"] == {tiktok.advertiser_id: [whole]}


def test_calls_tell_what_came_and_what_was_answered(
    tiktok: Simulator, control: Call, created: Made, get: Call, post: Call, hashes: Hashes
) -> None:
    audience_id = created(hashes(1000), name="foodies")
    post("update", custom_audience_id=audience_id, custom_audience_name="x")
    get("list", page=0)

    log = control("GET", "calls")

    assert log["counts"] == {
        "create": {"0": 1},
        "list": {"40002": 1},
        "update": {"40002": 1},
        "upload": {"0": 1},
    }
    upload, create, update, listed = log["calls"]
    assert (upload["details"]["size"], upload["details"]["rows"]) == (65_000, 1000)
    assert create["details"]["name"] == "foodies"
    assert create["details"]["custom_audience_id"] == audience_id
    assert (update["code"], update["http_status"], update["method"]) == (40002, 200, "POST")
    assert listed["path"].endswith("/list/")
    assert control("GET", "calls?endpoint=create")["calls"] == [create]
    assert control("GET", f"calls?since={update['number']}")["calls"] == [listed]
    control("DELETE", "calls")
    assert tiktok.calls() == []


def test_calls_never_show_the_token(tiktok: Simulator, get: Call) -> None:
    get("list")
    get("get")

    assert tiktok.token not in str(tiktok.calls())


def test_faults_are_set_counted_and_cleared(control: Call, get: Call) -> None:
    control("POST", "faults", [{"endpoint": "list", "kind": "code", "value": 50000, "times": 1}])
    codes = [get("list")["code"] for _ in range(2)]

    (rule,) = control("GET", "faults")["faults"]

    assert codes == [50000, 0]
    assert (rule["endpoint"], rule["took"], rule["effect"]) == ("list", 1, False)
    assert control("GET", "calls")["faults"] == {"code": 1}
    control("DELETE", "faults")
    assert control("GET", "faults") == {"faults": []}


def test_options_are_shown_and_changed(tiktok: Simulator, control: Call, get: Call) -> None:
    before = control("GET", "options")

    control("PATCH", "options", {"token": "new", "processing_seconds": 1, "qps": 3})

    after = control("GET", "options")
    assert after == before | {"token": "new", "processing_seconds": 1.0, "qps": 3}
    assert get("list")["code"] == 40105
    assert before["processing_seconds"] == 172_800


def test_clock_is_put_forward(
    tiktok: Simulator, control: Call, created: Made, hashes: Hashes
) -> None:
    created(hashes(1000))

    control("POST", "clock", {"advance_seconds": 48 * 3600})

    assert tiktok.audiences()[0]["status"] == "READY"


def test_clock_stands_still_once_frozen(tiktok: Simulator, control: Call) -> None:
    frozen = control("POST", "clock", {"freeze": True})["now"]

    assert control("POST", "clock", {"freeze": True, "advance_seconds": 5})["now"] == frozen + 5
    assert tiktok.world.clock.now() == frozen + 5


def test_uploads_are_listed_and_their_bytes_shown(
    tiktok: Simulator, control: Call, upload: Call
) -> None:
    control("PATCH", "options", {"keep_uploads": True})
    path = upload(b"some bytes\n")["data"]["file_path"]

    (shown,) = control("GET", "uploads")["uploads"]

    assert (shown["file_path"], shown["size"], shown["unmatched_rows"]) == (path, 11, 1)
    raw = requests.get(f"{tiktok.url}/_control/uploads/{path}", timeout=30)
    assert raw.content == b"some bytes\n"


def test_reset_brings_everything_back(
    tiktok: Simulator, control: Call, created: Made, hashes: Hashes
) -> None:
    created(hashes(1000))
    tiktok.faults.add({"kind": "cut_after"})
    tiktok.set_options(floor=1)
    tiktok.advance(1_000_000)

    control("POST", "reset")

    assert (tiktok.audiences(), tiktok.calls(), tiktok.uploads()) == ([], [], [])
    assert tiktok.faults.listed() == []
    assert tiktok.set_options().floor == 1000


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nowhere", None, 404),
        ("GET", "", None, 404),
        ("DELETE", "state", None, 405),
        ("GET", "audiences/7", None, 404),
        ("PATCH", "audiences/7", {"name": "x"}, 404),
        ("PATCH", "audiences", {"name": "x"}, 400),
        ("GET", "uploads/7", None, 404),
        ("PATCH", "options", {"nonsense": 1}, 400),
        ("PATCH", "options", {"qps": "many"}, 400),
        ("PATCH", "options", {"qps": True}, 400),
        ("PATCH", "options", {"qps": -1}, 400),
        ("PATCH", "options", {"advertisers": [7]}, 400),
        ("PATCH", "options", {"list_order": "alphabetical"}, 400),
        ("PATCH", "options", [], 400),
        ("POST", "faults", {"kind": "nonsense"}, 400),
        ("POST", "faults", ["code"], 400),
        ("POST", "audiences", {"nonsense": 1}, 400),
        ("POST", "audiences", {"count": "3"}, 400),
        ("POST", "audiences", {"ids": ["abc"]}, 400),
        ("POST", "audiences", ["x"], 400),
        ("POST", "audiences", {"audience_type": "Nobody"}, 400),
        ("POST", "clock", {}, 400),
        ("POST", "clock", {"advance_seconds": -1}, 400),
        ("POST", "clock", {"freeze": False}, 400),
        ("POST", "clock", {"freeze": 1}, 400),
        ("POST", "clock", {"advance_seconds": "1"}, 400),
    ],
)
def test_control_call_that_makes_no_sense_says_why(
    tiktok: Simulator, method: str, path: str, body: object, status: int
) -> None:
    answer = requests.request(method, f"{tiktok.url}/_control/{path}", json=body, timeout=30)

    assert answer.status_code == status
    assert len(answer.json()["error"]) > 10


def test_control_body_that_is_no_json_is_http_400(tiktok: Simulator) -> None:
    answer = requests.post(f"{tiktok.url}/_control/faults", data=b"{", timeout=30)

    assert answer.status_code == 400
