"""TikTok does not answer as it should: 3 tries, then hidden for base x 2^n."""

from typing import Any

import pytest
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
FAULTS: list[dict[str, Any]] = [
    *({"kind": "http", "value": status} for status in (404, 429, 500, 502, 503, 504)),
    *({"kind": "code", "value": code} for code in (40202, 50000, 50002, 51003, 52201, 60001)),
    {"kind": "cut_before"},
    {"kind": "not_json"},
    {"kind": "not_json", "value": ""},
    {"kind": "truncate"},
    {"kind": "huge", "value": 5_000_000},
    *({"kind": "wrong_shape", "value": how} for how in ("missing", "null", "list", "text", "body")),
]


def name_of(fault: object) -> str:
    assert isinstance(fault, dict)
    return " ".join(str(v) for v in fault.values())


def ready(w: World) -> None:
    """Make an audience that is remembered and takes edits at once."""
    w.sim.set_options(processing_seconds=0.0, valid_during_update=True)
    w.sim.seed(name="foodies")
    w.drop(FOLDER + "first.csv", hashes(100, 5))
    w.run()
    w.sim.world.calls.clear()


@pytest.mark.parametrize("endpoint", ["list", "get", "upload"])
@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_call_that_may_be_repeated_is_tried_three_times_then_the_message_waits(
    w: World, endpoint: str, fault: dict[str, object]
) -> None:
    if endpoint == "get":
        ready(w)
    w.sim.faults.add({**fault, "endpoint": endpoint})
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(2)]

    assert waits == [30, 60]
    assert w.called(endpoint) == [endpoint] * 6
    assert not {"create", "update"} & set(w.called())
    assert w.record("foodies")["wait"]["kind"] == "transient"
    w.sim.faults.clear()
    w.run()
    assert w.receipt(KEY)
    assert set(hashes(0, 5)) <= w.ids("foodies")[0]


@pytest.mark.parametrize("fault", [f for f in FAULTS if f["kind"] in ("http", "code")], ids=name_of)
def test_update_that_did_not_act_is_tried_three_times_and_its_uploads_are_kept(
    w: World, fault: dict[str, object]
) -> None:
    ready(w)
    w.sim.faults.add({**fault, "endpoint": "update"})
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(7)]

    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert w.called("update") == ["update"] * 21
    assert w.called("upload") == ["upload"]


@pytest.mark.parametrize("kind", ["cut_after", "truncate", "not_json"])
def test_update_whose_answer_is_lost_is_delivered_once_tiktok_is_done_with_it(
    w: World, kind: str
) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": kind, "endpoint": "update", "times": 1})
    w.drop(KEY, hashes(0, 5))

    w.run()

    receipt = w.receipt(KEY)
    assert receipt
    assert receipt["status"] == "delivered"
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert not w.sqs.dead


def test_wait_of_one_kind_begins_anew_after_another_kind(w: World) -> None:
    message = w.drop(KEY, hashes(0, 5))
    w.sim.faults.add({"kind": "http", "value": 502})
    assert [w.come(message) for _ in range(3)] == [30, 60, 120]

    w.sim.faults.clear()
    w.sim.faults.add({"kind": "code", "value": 40100})
    assert [w.come(message) for _ in range(2)] == [300, 600]

    w.sim.faults.clear()
    w.sim.faults.add({"kind": "http", "value": 502})
    assert w.come(message) == 30


def test_other_message_of_a_waiting_audience_waits_for_the_rest_without_asking_tiktok(
    w: World,
) -> None:
    w.sim.faults.add({"kind": "http", "value": 502})
    first, second = w.drop(KEY, hashes(0, 5)), w.drop(FOLDER + "b.csv", hashes(5, 5))
    assert w.come(first) == 30
    calls = len(w.called())
    w.advance(10)

    assert w.come(second) == 20

    assert len(w.called()) == calls


def test_tiktok_that_hangs_until_time_ends_is_waited_for_and_not_called_again_at_once(
    w: World,
) -> None:
    left = [900.0]

    def hang(path: str) -> None:
        left[0] -= 450

    w.tiktok.before = hang
    w.remaining = lambda: left[0]
    w.sim.faults.add({"kind": "cut_before"})

    assert w.come(w.drop(KEY, hashes(0, 5))) == 30
