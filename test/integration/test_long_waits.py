"""Long waits: what SQS allows, what one call must carry, and what a person reads meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from audience_uploader.delivery.prepare import MOST_DROPS
from audience_uploader.domain.times import from_iso, iso
from support.world import HOUR, World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
LARGEST_BASE = 3600.0  # seconds: with it most waits pass what SQS can hide
SCALE = 100  # of the trial: a hundredth of the drops that one call takes


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[World]:
    """Make a stack with a base delay of an hour."""
    with world(tmp_path, base=LARGEST_BASE) as made:
        yield made


def time_passes_in_each_call(w: World, seconds: float) -> None:
    def tick(path: str) -> None:
        w.advance(seconds)

    w.tiktok.before = tick


def time_passes_until(w: World, end: float) -> None:
    """Have the first call to TikTok take until then, and those after it no time."""
    w.tiktok.before = lambda path: w.advance(max(0.0, end - w.now()))


@pytest.mark.parametrize("passed", [0.0, 0.4, 600.0])
def test_longest_wait_ends_12_hours_after_the_receive_whatever_the_invocation_took(
    slow: World, passed: float
) -> None:
    slow.sim.seed(name="foodies", is_valid=False)
    time_passes_in_each_call(slow, passed)
    message = slow.drop(KEY, hashes(0, 5))

    slow.come(message)

    assert 12 * HOUR - 1 <= message.visible_at - message.received_at <= 12 * HOUR
    for _ in range(6):
        slow.come(message)  # the fake SQS refuses what ends later, as SQS does


def test_receive_that_took_nearly_all_of_12_hours_is_hidden_for_nothing(slow: World) -> None:
    slow.sim.seed(name="foodies", is_valid=False)
    message = slow.drop(KEY, hashes(0, 5))
    time_passes_until(slow, slow.now() + 11.999 * HOUR)

    assert 0 <= slow.come(message) <= 4


def test_busy_audience_loses_none_of_the_drops_of_which_two_thousand_a_call_lost_most(
    w: World,
) -> None:
    w.most_drops = MOST_DROPS // SCALE
    w.app = w.new_app()
    w.sim.seed(name="foodies", ids=[])
    began = w.now()
    keys = [FOLDER + f"{n}.csv" for n in range(200)]
    for n, key in enumerate(keys):
        w.drop(key, hashes(n, 1))

    w.run(hours=14 * 24, receives=50_000)

    assert not w.sqs.dead
    assert not w.sqs.messages
    assert w.ids("foodies") == [set(hashes(0, 200))]
    assert [c["code"] for c in w.sim.calls("update")].count(0) == 2
    assert w.now() - began < 3 * 24 * HOUR


def test_call_carries_at_least_eight_thousand_drops() -> None:
    assert MOST_DROPS >= 8_000


def test_drops_read_ahead_in_threads_are_each_delivered_once_and_whole(w: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        w.app = w.new_app(submit=pool.submit)
        for n in range(30):
            w.drop(FOLDER + f"{n}.csv", hashes(n * 5, 5))
        w.drop(FOLDER + "bad.csv", b"jane@example.com\n")
        w.run()

    assert w.ids("foodies") == [set(hashes(0, 150))]
    assert w.called() == ["list", "upload", "create"]
    assert w.reasons() == ["no_valid_rows"]


def busy(w: World) -> None:
    w.sim.seed(name="foodies", is_valid=False)


def faulty(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 50002})


def limited(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40100})


def refused(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40105})


def lost(w: World) -> None:
    w.sim.faults.add({"kind": "cut_before", "endpoint": "create", "times": 1})


WAITS = {
    "audience_busy": (busy, 900.0, "48 hours", None),
    "transient": (faulty, 30.0, "passes by itself", "50002"),
    "rate_limited": (limited, 300.0, "rate limit", "40100"),
    "credentials": (refused, 300.0, "set them right", "40105"),
    "create_unanswered": (lost, 30.0, "list", None),
}


@pytest.mark.parametrize(("kind", "told"), WAITS.items(), ids=WAITS)
def test_waiting_note_says_why_since_when_what_was_answered_and_when_the_next_try_is(
    w: World, kind: str, told: tuple[Callable[[World], None], float, str, str | None]
) -> None:
    act, wait, words, code = told
    act(w)
    began = w.now()
    message = w.drop(KEY, hashes(0, 5))

    assert w.come(message) == wait

    first: Any = w.note(KEY)
    assert (first["status"], first["waits_for"], first["code"]) == ("waiting", kind, code)
    assert words in first["why"]
    assert first["waiting_since"] == iso(began)
    assert from_iso(first["next_try_at"]) == message.visible_at
    assert first["looked_at_again_at"] == first["next_try_at"]
    assert first["rows"]["valid"] == 5
    w.come(message)
    second: Any = w.note(KEY)
    assert second["waiting_since"] == iso(began)
    assert second["first_seen_waiting_at"] == iso(began)
    assert from_iso(second["next_try_at"]) == message.visible_at
    assert second["rows"] == first["rows"]
