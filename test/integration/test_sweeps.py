"""Sweeps at scale, two at once, and killed half-way: each drop gets one message, and no second."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.killer import Killed, Killer
from support.large_s3 import LargeS3
from support.world import HOUR, World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"
SWEEP = json.dumps({"source": "aws.events", "detail-type": "Scheduled Event"})
LIST_SECONDS = 0.1  # of a page of a thousand keys


@pytest.fixture
def large(tmp_path: Path) -> Iterator[World]:
    """Make a stack whose bucket may hold very many objects."""
    with world(tmp_path) as w:
        w.s3 = LargeS3(w.now)
        w.app = w.new_app()
        yield w


def swept(w: World) -> Counter[str]:
    """Return how many messages were sent for each audience."""
    bodies = [json.loads(m.body) for m in w.sqs.messages.values()]
    return Counter(b["detail"]["object"]["key"].split("/")[1] for b in bodies)


def time_runs_out_after(w: World, seconds: float) -> None:
    """Let each list take its time out of an invocation of so many seconds."""
    left = [seconds]

    def list_takes_time(operation: str, key: str) -> None:
        left[0] -= LIST_SECONDS * (operation == "list")

    w.s3.before = list_takes_time
    w.remaining = lambda: left[0]


def fill(w: World, audiences: int, drops: int) -> list[str]:
    names = [f"audience {n:04}" for n in range(audiences)]
    for name in names:
        for n in range(drops):
            w.s3.store(f"tiktok/{name}/email_sha256/{n}.csv", b"a" * 64)
    w.advance(HOUR)
    return names


def goes_on_at_the_cursor(w: World, audiences: int, drops: int, *, seconds: float) -> int:
    """Sweep until the bucket's end; check what each sweep sent, and return how many it took."""
    names, sweeps, before = fill(w, audiences, drops), 0, 0
    while sweeps == 0 or cursor(w):
        time_runs_out_after(w, seconds)
        w.sweep()
        sweeps += 1
        sent = swept(w)
        assert list(sent) == names[: len(sent)], "in order, and each sweep goes on"
        assert len(sent) > before
        before = len(sent)
        w.advance(60)
    assert swept(w) == Counter(names)
    return sweeps


def cursor(w: World) -> str:
    return str(json.loads(w.s3.objects["state/sweep.json"].body)["cursor"])


def test_sweep_that_runs_out_of_time_leaves_a_cursor_where_the_next_goes_on(large: World) -> None:
    sweeps = goes_on_at_the_cursor(large, 100, 10, seconds=70)

    assert sweeps > 1
    time_runs_out_after(large, 900)
    large.sweep()
    assert swept(large).total() == 100, "none is sent twice within the hour"


@pytest.mark.long
def test_hundred_thousand_objects_are_swept_in_a_few_invocations(large: World) -> None:
    assert 1 < goes_on_at_the_cursor(large, 1_000, 100, seconds=160) <= 10


def interrupted(w: World, at: int) -> bool:
    """Have a whole sweep of another function run before call `at`; tell whether it came to it."""
    calls, mine = [0], w.app

    def before() -> None:
        calls[0] += 1
        if calls[0] == at:
            w.app = w.new_app()
            w.sweep()
            w.app = mine

    w.listen(before, lambda: None)
    w.sweep()
    w.listen(lambda: None, lambda: None)
    return calls[0] >= at


def test_two_sweeps_at_once_send_one_message_wherever_they_meet(tmp_path: Path) -> None:
    for at in range(1, 100):
        with world(tmp_path) as w:
            w.write(FOLDER + "lost.csv", hashes(0, 10))
            w.advance(HOUR)

            met = interrupted(w, at)

            assert swept(w) == {"foodies": 1}, f"before call {at}"
        if not met:
            break
    assert at > 10


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_sweep_killed_at_any_call_loses_and_doubles_nothing(tmp_path: Path, after: bool) -> None:
    for at in range(60):
        with world(tmp_path) as w:
            w.write(FOLDER + "lost.csv", hashes(0, 10))
            w.advance(HOUR)
            killed = killed_at(w, at, after=after)
            w.sweep()
            assert swept(w).total() <= 1, f"call {at}"

            w.advance(HOUR + 1)
            w.sweep()
            w.run(hours=1)

            assert w.receipt(FOLDER + "lost.csv"), f"call {at}"
            assert w.called("create") == ["create"], f"call {at}"
        if not killed:
            break
    assert at >= (3 if after else 10)


def killed_at(w: World, at: int, *, after: bool) -> bool:
    """Kill a sweep; its message is gone, as if it had been the schedule's last try."""
    Killer(w, at=at, after=after)
    message = w.sqs.send(SWEEP)
    try:
        w.receive(message)
    except Killed:
        w.app = w.new_app()
        del w.sqs.messages[message.message_id]
        return True
    finally:
        Killer(w)
    return False
