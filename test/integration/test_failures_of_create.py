"""The answer to a create is lost: found by list, else waited for, and never repeated too early."""

import pytest
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
ACTED: list[dict[str, object]] = [
    {"kind": "cut_after"},
    {"kind": "truncate"},
    {"kind": "not_json"},
    {"kind": "wrong_shape", "value": "missing"},
    {"kind": "wrong_shape", "value": "null"},
    {"kind": "huge", "value": 5_000_000},
    {"kind": "code", "value": 50002, "effect": True},
    {"kind": "code", "value": 20001, "effect": True},
    {"kind": "code", "value": 40050, "effect": True},
    {"kind": "http", "value": 504, "effect": True},
]
DID_NOT: list[dict[str, object]] = [
    {"kind": "cut_before"},
    {"kind": "http", "value": 502},
    {"kind": "code", "value": 50000},
    {"kind": "code", "value": 40202},
    {"kind": "code", "value": 40050},
]


def name_of(fault: object) -> str:
    assert isinstance(fault, dict)
    return " ".join(str(v) for v in fault.values())


@pytest.mark.parametrize("fault", ACTED, ids=name_of)
def test_lost_answer_is_found_by_list_within_the_same_try(
    w: World, fault: dict[str, object]
) -> None:
    w.sim.faults.add({**fault, "endpoint": "create", "times": 1})

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 5))]
    receipt = w.receipt(KEY)
    assert receipt
    assert (receipt["status"], receipt["call"]) == ("delivered", "create")
    assert receipt["audience_id"] == w.sim.audiences("foodies")[0]["id"]


@pytest.mark.parametrize("lag", [60.0, 0.5 * HOUR, 0.99 * HOUR])
def test_lost_answer_is_found_once_the_list_shows_it_however_late(w: World, lag: float) -> None:
    w.sim.set_options(list_lag_seconds=lag)
    w.sim.faults.add({"kind": "cut_after", "endpoint": "create", "times": 1})
    message = w.drop(KEY, hashes(0, 5))
    assert w.come(message) == 30
    second = w.drop(FOLDER + "b.csv", hashes(5, 5))

    w.run(hours=1.5)

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.receipt(KEY)
    assert second.message_id in w.sqs.messages


@pytest.mark.parametrize("fault", DID_NOT, ids=name_of)
def test_create_is_never_repeated_before_the_list_had_its_time(
    w: World, fault: dict[str, object]
) -> None:
    w.sim.faults.add({**fault, "endpoint": "create", "times": 1})
    message = w.drop(KEY, hashes(0, 5))
    began = w.now()

    waits = []
    while not w.receipt(KEY):
        w.advance(max(0.0, w.hidden_for(message)))
        if not w.receive(message):
            waits.append(w.hidden_for(message))

    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert w.now() - began >= HOUR
    assert w.called("create") == ["create", "create"]
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.receipt(KEY)


def test_waiting_for_a_lost_create_uploads_nothing_again_until_it_is_known_to_be_lost(
    w: World,
) -> None:
    w.sim.faults.add({"kind": "cut_before", "endpoint": "create", "times": 1})
    message = w.drop(KEY, hashes(0, 5))

    for _ in range(5):
        w.come(message)

    assert w.called("upload") == ["upload"]
    assert w.record("foodies")["wait"]["kind"] == "create_unanswered"
    assert w.record("foodies")["create"]["drops"][0]["key"] == KEY


@pytest.mark.parametrize("endpoint", ["list"])
def test_failing_list_is_a_failure_and_not_an_absence(w: World, endpoint: str) -> None:
    w.sim.faults.add({"kind": "cut_after", "endpoint": "create", "times": 1})
    w.sim.faults.add({"kind": "http", "value": 502, "endpoint": endpoint, "skip": 1})
    message = w.drop(KEY, hashes(0, 5))

    for _ in range(12):
        w.come(message)

    assert w.called("create") == ["create"]
    w.sim.faults.clear()
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_refused_create_did_not_act_and_is_tried_again_by_the_next_try(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40100, "endpoint": "create", "times": 3})
    message = w.drop(KEY, hashes(0, 5))

    assert w.come(message) == 300
    w.run()

    assert w.called("create") == ["create"] * 4
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_drops_of_another_type_wait_while_a_create_is_unanswered(w: World) -> None:
    w.sim.set_options(list_lag_seconds=600.0)
    w.sim.faults.add({"kind": "cut_after", "endpoint": "create", "times": 1})
    w.come(w.drop(KEY, hashes(0, 5)))
    w.drop("tiktok/foodies/phone_sha256/a.csv", hashes(5, 5))

    w.run()

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.reasons() == ["other_id_type"]


@pytest.mark.parametrize("code", [40905, 40007, 40002])
@pytest.mark.parametrize("endpoint", ["list", "get"])
def test_refused_search_for_a_lost_create_never_has_it_sent_again(
    w: World, endpoint: str, code: int
) -> None:
    w.sim.faults.add({"kind": "cut_after", "endpoint": "create", "times": 1})
    skip = int(endpoint == "list")
    w.sim.faults.add({"kind": "code", "value": code, "endpoint": endpoint, "skip": skip})
    w.drop(KEY, hashes(0, 5))
    w.run(hours=0.9)
    w.sim.faults.clear()

    w.redrive()
    w.run()

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 5))]
    receipt = w.receipt(KEY)
    assert receipt
    assert receipt["status"] == "delivered"


def test_audience_that_a_person_made_while_a_create_was_unanswered_gets_the_same_uploads(
    w: World,
) -> None:
    w.sim.faults.add({"kind": "cut_before", "endpoint": "create", "times": 1})
    w.come(w.drop(KEY, hashes(0, 5)))
    [theirs] = w.sim.seed(name="foodies", ids=hashes(50, 5), editor="Jane")

    w.run()

    assert w.called("create") == ["create"]
    assert w.called("upload") == ["upload"]
    assert w.ids("foodies") == [{*hashes(0, 5), *hashes(50, 5)}]
    receipt = w.receipt(KEY)
    assert receipt
    assert (receipt["audience_id"], receipt["call"]) == (theirs, "update")
