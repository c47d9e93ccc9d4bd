"""Leases held by others, bugs, and functions that die."""

from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_state import StateStore
from support.events import BUCKET
from support.killer import Killed
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"


def take_lease(w: World) -> None:
    """Another function's, of which nothing more is heard."""
    objects = JsonStore(w.s3, BUCKET)  # type: ignore[arg-type]
    store = StateStore(objects, clock=w.now, lease_seconds=960)
    store.acquire(*store.read(w.sim.advertiser_id, "foodies"))


def on_reading(w: World, name: str, act: Callable[[], None]) -> None:
    """Have `act` done whenever the content of a drop of that name is read."""

    def before(operation: str, key: str) -> None:
        if operation == "get" and key == FOLDER + name:
            act()

    w.s3.before = before


def test_taken_lease_hides_the_message_for_one_to_four_times_the_base_at_random(w: World) -> None:
    take_lease(w)
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(6)]

    assert all(30 <= wait <= 120 for wait in waits)
    assert len(set(waits)) > 3
    assert not w.called()


def test_lease_of_a_dead_holder_is_taken_over_and_the_drop_delivered(w: World) -> None:
    take_lease(w)
    began = w.now()
    w.drop(KEY, hashes(0, 5))

    w.run()

    assert 960 <= w.now() - began < 960 + 121
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.record("foodies")["crashes"] == 0


class Bug(Exception):
    """Something that nobody planned."""


def fail_with_a_bug() -> None:
    raise Bug


def test_bug_goes_back_to_the_queue_and_is_dead_lettered_after_five_in_a_row(w: World) -> None:
    message = w.drop(KEY, hashes(0, 5))
    on_reading(w, "a.csv", fail_with_a_bug)

    waits = [w.come(message) for _ in range(4)]
    w.advance(w.hidden_for(message))

    assert w.receive(message)
    assert waits == [30, 60, 120, 240]
    assert w.reasons() == ["unexpected"]
    receipt: Any = w.receipt(KEY)
    assert receipt["reason"] == "unexpected"
    assert w.record("foodies")["lease"] is None


def test_bug_that_is_gone_before_the_fifth_time_costs_nothing(w: World) -> None:
    message = w.drop(KEY, hashes(0, 5))
    on_reading(w, "a.csv", fail_with_a_bug)
    for _ in range(4):
        w.come(message)
    w.s3.before = lambda operation, key: None

    w.run()

    assert w.receipt(KEY)
    assert not w.sqs.dead


def test_bug_in_what_is_done_before_the_reconcile_is_dead_lettered_after_five(w: World) -> None:
    def fail(operation: str, key: str) -> None:
        if operation == "head":
            raise Bug

    message = w.drop(KEY, hashes(0, 5))
    w.s3.before = fail

    assert [w.come(message) for _ in range(4)] == [30, 60, 120, 240]
    w.advance(w.hidden_for(message))

    assert w.receive(message)
    assert w.reasons() == ["unexpected"]


@pytest.mark.parametrize("body", [b"{}", b"no JSON", b"[]", b'{"advertiser_id": 7, "lease": "x"}'])
def test_damaged_record_is_named_and_never_overwritten(w: World, body: bytes) -> None:
    record = f"state/{w.sim.advertiser_id}/foodies.json"
    w.s3.store(record, body)

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.reasons() == ["damaged_record"]
    assert record in w.sqs.dead[0].attributes["ErrorMessage"]
    assert w.s3.objects[record].body == body
    assert not w.called()


@pytest.mark.parametrize("poison", ["a.csv", "b.csv", "c.csv"])
def test_bug_of_one_drop_does_not_keep_those_beside_it(w: World, poison: str) -> None:
    for n, name in enumerate(("a.csv", "b.csv", "c.csv")):
        w.drop(FOLDER + name, hashes(n * 5, 5))
    on_reading(w, poison, fail_with_a_bug)

    w.run()

    good = {i for n, name in enumerate(("a.csv", "b.csv", "c.csv")) if name != poison
            for i in hashes(n * 5, 5)}  # fmt: skip
    assert w.ids("foodies") == [good]
    assert w.reasons() == ["unexpected"]
    receipt: Any = w.receipt(FOLDER + poison)
    assert receipt["reason"] == "unexpected"


def die() -> None:
    raise Killed


def run_with_crashes(w: World) -> int:
    """Run the queue empty, cold after each crash; return the number of crashes."""
    for crashes in range(40):
        try:
            w.run()
        except Killed:
            w.app = w.new_app()
        else:
            return crashes
    raise AssertionError("no end of crashes")


@pytest.mark.parametrize("poison", ["a.csv", "b.csv", "c.csv"])
def test_drop_that_kills_the_function_is_told_from_those_beside_it(w: World, poison: str) -> None:
    for n, name in enumerate(("a.csv", "b.csv", "c.csv")):
        w.drop(FOLDER + name, hashes(n * 5, 5))
    on_reading(w, poison, die)

    run_with_crashes(w)

    good = {i for n, name in enumerate(("a.csv", "b.csv", "c.csv")) if name != poison
            for i in hashes(n * 5, 5)}  # fmt: skip
    assert w.ids("foodies") == [good]
    assert w.reasons() == ["crashed"]
    receipt: Any = w.receipt(FOLDER + poison)
    assert receipt["reason"] == "crashed"


def test_five_crashes_in_a_row_dead_letter_the_message(w: World) -> None:
    w.drop(KEY, hashes(0, 5))
    on_reading(w, "a.csv", die)

    assert run_with_crashes(w) == 5
    assert w.reasons() == ["crashed"]


def test_good_drop_that_comes_after_five_crashes_of_another_is_delivered(w: World) -> None:
    w.drop(KEY, hashes(0, 5))
    on_reading(w, "a.csv", die)
    for _ in range(5):
        with pytest.raises(Killed):
            w.run()
    w.drop(FOLDER + "b.csv", hashes(5, 5))
    w.advance(961)

    run_with_crashes(w)

    assert w.ids("foodies") == [set(hashes(5, 5))]
    assert w.reasons() == ["crashed"]
