"""Files TikTok refuses, audiences it does not know, codes that nothing helps, partial success."""

from typing import Any

import pytest
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"


def told(w: World) -> dict[str, str]:
    [dead] = w.sqs.dead
    return dead.attributes


@pytest.mark.parametrize("code", [40900, 40905, 40910])
@pytest.mark.parametrize("endpoint", ["upload", "create", "update"])
def test_refused_file_is_uploaded_once_more(w: World, code: int, endpoint: str) -> None:
    if endpoint == "update":
        w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": code, "endpoint": endpoint, "times": 1})

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called("upload") == ["upload"] * 2
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.receipt(KEY)


@pytest.mark.parametrize("code", [40900, 40905, 40910])
@pytest.mark.parametrize("endpoint", ["upload", "create", "update"])
def test_file_that_is_refused_again_is_dead_lettered(w: World, code: int, endpoint: str) -> None:
    if endpoint == "update":
        w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": code, "endpoint": endpoint})

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called(endpoint) == [endpoint] * 2
    assert told(w)["ErrorReason"] == "tiktok_refused"
    assert str(code) in told(w)["ErrorMessage"]


@pytest.mark.parametrize(("code", "text"), [(40007, "Gone."), (40002, "Audience does not exist.")])
def test_unknown_audience_is_forgotten_and_looked_up_once(w: World, code: int, text: str) -> None:
    [audience_id] = w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": code, "message": text, "endpoint": "update",
                      "times": 1})  # fmt: skip

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called() == ["list", "get", "upload", "update", "list", "get", "update"]
    assert w.record("foodies")["audience_id"] == audience_id


def test_audience_that_stays_unknown_is_dead_lettered(w: World) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 40007, "endpoint": "update"})

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called("update") == ["update"] * 2
    assert told(w)["ErrorReason"] == "tiktok_refused"


def test_audience_deleted_between_the_search_and_the_update_is_made_anew(w: World) -> None:
    [audience_id] = w.sim.seed(name="foodies")

    def delete(path: str) -> None:
        if "update" in path and w.sim.audiences("foodies"):
            w.sim.remove(audience_id)

    w.tiktok.before = delete
    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called("create") == ["create"]
    assert w.called("upload") == ["upload"]
    assert w.ids("foodies") == [set(hashes(0, 5))]


@pytest.mark.parametrize("code", [40000, 40002, 40006, 40051, 40700, 40907, 40909, 41002, 12345])
@pytest.mark.parametrize("endpoint", ["list", "upload", "create"])
def test_other_code_is_dead_lettered_at_once_with_code_text_and_request_id(
    w: World, code: int, endpoint: str
) -> None:
    w.sim.faults.add(
        {"kind": "code", "value": code, "message": "Because of that.", "endpoint": endpoint}
    )

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    call = w.sim.calls(endpoint)[0]
    assert w.called(endpoint) == [endpoint]
    assert told(w)["ErrorReason"] == "tiktok_refused"
    for part in (str(code), "Because of that.", str(call["request_id"])):
        assert part in told(w)["ErrorMessage"]
    receipt: Any = w.receipt(KEY)
    assert (receipt["status"], receipt["reason"]) == ("rejected", "tiktok_refused")


def test_full_advertiser_is_dead_lettered_and_delivered_after_a_redrive(w: World) -> None:
    w.sim.set_options(max_audiences=1)
    [other] = w.sim.seed(name="other")
    assert w.receive(w.drop(KEY, hashes(0, 5)))
    assert told(w)["ErrorReason"] == "tiktok_refused"
    w.sim.remove(other)

    w.redrive()
    w.run()

    receipt: Any = w.receipt(KEY)
    assert receipt["status"] == "delivered"
    assert not w.sqs.dead


def test_partial_success_is_a_success_with_a_warning(w: World) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 20001, "endpoint": "update", "effect": True})

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    receipt: Any = w.receipt(KEY)
    assert receipt["status"] == "delivered"
    assert any("20001" in warning for warning in receipt["warnings"])
    assert w.called("update") == ["update"]
