"""What is wrong with one object alone holds no other, and says what a person can do."""

import json
from typing import Any

import pytest
from support.fake_s3 import client_error
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
LOCKED = FOLDER + "locked.csv"
GOOD = FOLDER + "good.csv"
CODES = ["AccessDenied", "KMS.DisabledException", "KMS.NotFoundException"]


def lock(w: World, code: str, *, operations: tuple[str, ...] = ("get",), key: str = LOCKED) -> None:
    """Have S3 refuse one object, as under a key that the function's role may not use."""

    def refuse(operation: str, asked: str) -> None:
        if operation in operations and asked == key:
            raise client_error(code, 403)

    w.s3.before = refuse


@pytest.mark.parametrize("first", [LOCKED, GOOD], ids=["own message", "other's message"])
def test_archived_drop_is_dead_lettered_at_once_and_the_others_are_delivered_in_the_same_try(
    w: World, first: str
) -> None:
    messages = {key: w.drop(key, hashes(n * 5, 5)) for n, key in enumerate((LOCKED, GOOD))}
    lock(w, "InvalidObjectState")

    assert w.receive(messages[first])

    assert w.ids("foodies") == [set(hashes(5, 5))]
    assert w.reasons() == ["unreadable"]
    text = w.sqs.dead[0].attributes["ErrorMessage"]
    assert "InvalidObjectState" in text
    assert "restore" in text
    receipt: Any = w.receipt(LOCKED)
    assert (receipt["status"], receipt["reason"]) == ("rejected", "unreadable")
    w.run()
    assert w.reasons() == ["unreadable"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("operations", [("get",), ("get", "head")], ids="+".join)
def test_drop_that_may_not_be_read_waits_alone_for_a_day_and_is_then_dead_lettered(
    w: World, code: str, operations: tuple[str, ...]
) -> None:
    w.sim.set_options(processing_seconds=0.0)
    locked = w.drop(LOCKED, hashes(0, 5))
    w.drop(GOOD, hashes(5, 5))
    lock(w, code, operations=operations)
    began = w.now()

    assert w.come(locked) == 300
    assert w.ids("foodies") == [set(hashes(5, 5))]
    note: Any = w.note(LOCKED)
    assert (note["waits_for"], note["code"]) == ("unreadable", code)
    assert code in note["why"]
    assert "KMS key" in note["why"]

    w.run(hours=23)
    assert not w.sqs.dead
    assert w.receive(w.drop(FOLDER + "later.csv", hashes(10, 5)))
    w.run()

    assert 24 * HOUR <= w.now() - began < 26 * HOUR
    assert w.reasons() == ["unreadable"]
    text = w.sqs.dead[0].attributes["ErrorMessage"]
    assert code in text
    assert "Copy the file over itself" in text
    assert w.ids("foodies") == [set(hashes(5, 10))]


def test_drop_that_may_be_read_again_is_delivered_without_anyones_help(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)
    w.drop(LOCKED, hashes(0, 5))
    lock(w, "AccessDenied")
    w.run(hours=5)
    w.s3.before = lambda operation, key: None

    w.run(hours=2)

    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert not w.sqs.messages
    assert w.record("foodies")["drop_waits"] == {}


def test_drop_refused_as_unreadable_is_delivered_when_redriven_once_it_may_be_read(
    w: World,
) -> None:
    w.drop(LOCKED, hashes(0, 5))
    lock(w, "InvalidObjectState")
    w.run()
    w.s3.before = lambda operation, key: None

    w.redrive()
    w.run()

    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert not w.sqs.dead


def test_bucket_that_refuses_everything_is_no_drops_own_trouble(w: World) -> None:
    def refuse(operation: str, key: str) -> None:
        if operation in ("list", "head"):
            raise client_error("AccessDenied", 403)

    message = w.drop(GOOD, hashes(0, 5))
    w.s3.before = refuse

    assert [w.come(message) for _ in range(3)] == [30, 60, 120]
    w.advance(3 * 24 * HOUR)
    assert not w.receive(message)
    assert not w.sqs.dead
    w.s3.before = lambda operation, key: None
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]


@pytest.mark.parametrize("size", [1, 40])
def test_unreadable_drop_does_not_hold_those_that_come_day_by_day(w: World, size: int) -> None:
    w.sim.set_options(processing_seconds=2 * HOUR)
    w.drop(LOCKED, hashes(0, 5))
    lock(w, "AccessDenied")
    for day in range(3):
        for n in range(size):
            start = 1000 * (day + 1) + n * 5
            w.drop(FOLDER + f"{day}-{n}.csv", hashes(start, 5))
        w.run(hours=24)

    receipts: list[Any] = [
        w.receipt(FOLDER + f"{d}-{n}.csv") for d in range(3) for n in range(size)
    ]
    assert [r["status"] for r in receipts] == ["delivered"] * 3 * size
    assert w.reasons() == ["unreadable"]


def test_message_put_back_by_hand_without_its_attributes_is_worked_on_again(w: World) -> None:
    w.receive(w.drop(LOCKED, hashes(0, 5)))
    lock(w, "InvalidObjectState", key=GOOD)
    w.receive(w.drop(GOOD, hashes(5, 5)))
    w.run()
    [dead] = w.sqs.dead
    w.s3.before = lambda operation, key: None
    w.advance(60)

    w.sqs.send(dead.body)
    w.run()

    assert w.ids("foodies") == [set(hashes(0, 10))]


@pytest.mark.parametrize("field", ["wait", "lease", "drop_waits"])
def test_wait_or_lease_of_a_broken_clock_counts_as_over(w: World, field: str) -> None:
    far = "2099-01-01T00:00:00.000Z"
    written: dict[str, Any] = {
        "wait": {"kind": "transient", "count": 1, "since": far, "not_before": far, "drop": GOOD},
        "lease": {"owner": "x", "expires_at": far, "drop": GOOD},
    }
    written["drop_waits"] = {GOOD: {**written["wait"], "kind": "unreadable"}}
    record = {"advertiser_id": w.sim.advertiser_id, "audience_name": "foodies", "crashes": 0}
    record[field] = written[field]
    w.s3.store(f"state/{w.sim.advertiser_id}/foodies.json", json.dumps(record).encode())

    assert w.receive(w.drop(GOOD, hashes(0, 5)))

    assert w.ids("foodies") == [set(hashes(0, 5))]


@pytest.mark.parametrize(
    "edit", [{"is_creator": False}, {"audience_type": "Lookalike Audience"}], ids=str
)
def test_remembered_audience_that_is_no_customer_file_of_ours_any_more_is_left_alone(
    w: World, edit: dict[str, object]
) -> None:
    [theirs] = w.sim.seed(name="foodies", ids=hashes(50, 5), **edit)
    record = {"advertiser_id": w.sim.advertiser_id, "audience_name": "foodies"}
    record |= {"audience_id": theirs}
    w.s3.store(f"state/{w.sim.advertiser_id}/foodies.json", json.dumps(record).encode())

    assert w.receive(w.drop(GOOD, hashes(0, 5)))

    receipt: Any = w.receipt(GOOD)
    assert receipt["audience_id"] != theirs
    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(50, 5)), set(hashes(0, 5))]
