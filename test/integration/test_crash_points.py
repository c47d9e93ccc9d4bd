"""The function dies at each of its external calls in turn; the next message finishes the work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.killer import Killed, Killer
from support.world import World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"
MOST_CALLS = 40

Story = Callable[[World], set[str]]
"""Drops files into a world; the ids that its audience must end with."""


def create(w: World) -> set[str]:
    w.drop(FOLDER + "a.csv", hashes(0, 5))
    return set(hashes(0, 5))


def append(w: World) -> set[str]:
    w.sim.seed(name="foodies", ids=hashes(100, 5))
    w.drop(FOLDER + "a.csv", hashes(0, 5))
    return set(hashes(0, 5)) | set(hashes(100, 5))


def two_drops(w: World) -> set[str]:
    w.drop(FOLDER + "a.csv", hashes(0, 5))
    w.drop(FOLDER + "b.csv", hashes(5, 5))
    return set(hashes(0, 10))


def processing(w: World) -> set[str]:
    w.sim.set_options(processing_seconds=3600.0)
    w.receive(w.drop(FOLDER + "a.csv", hashes(0, 5)))
    w.drop(FOLDER + "b.csv", hashes(5, 5))
    return set(hashes(0, 10))


def busy_at_the_update(w: World) -> set[str]:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 40002, "message": "not editable", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    w.drop(FOLDER + "a.csv", hashes(0, 5))
    return set(hashes(0, 5))


def late_list(w: World) -> set[str]:
    w.sim.set_options(list_lag_seconds=1800.0)
    w.drop(FOLDER + "a.csv", hashes(0, 5))
    return set(hashes(0, 5))


def lost_answer(w: World) -> set[str]:
    w.sim.faults.add({"kind": "cut_after", "endpoint": "create", "times": 1})
    return late_list(w)


def two_drops_and_a_late_list(w: World) -> set[str]:
    """Have the second message come when the lease is over, long before the list shows a create."""
    w.sim.set_options(list_lag_seconds=3500.0)
    return two_drops(w)


def bad_beside_good(w: World) -> set[str]:
    w.drop(FOLDER + "bad.csv", b"jane@example.com\n")
    return create(w)


STORIES = [
    create, append, two_drops, processing, busy_at_the_update, late_list, lost_answer,
    two_drops_and_a_late_list,
    bad_beside_good,
]  # fmt: skip


def run_to_the_end(w: World) -> bool:
    """Run until the queue is empty, cold after a death; tell whether the function died."""
    try:
        w.run()
    except Killed:
        w.app = w.new_app()
        Killer(w)
        w.run()
        return True
    return False


def check(w: World, expected: set[str], where: str) -> None:
    assert w.ids("foodies") == [expected], where
    assert not w.sqs.messages, where
    bad = [key for key in w.s3.objects if key.startswith(FOLDER + "bad")]
    told = ["no_valid_rows"] * (1 if bad else 0)
    assert w.reasons()[:1] == told, where
    assert set(w.reasons()) == set(told), where
    for key in [k for k in w.s3.objects if k.startswith("tiktok/")]:
        receipt = w.receipt(key)
        assert receipt, f"{where}: {key} has no receipt"
        assert receipt["status"] == ("rejected" if key in bad else "delivered"), where
    assert not list(w.directory.iterdir()), where
    check_next(w, expected, where)


def check_next(w: World, expected: set[str], where: str) -> None:
    """Whatever a dead holder left in the record, the next drop is delivered, and it is tidied."""
    w.drop(FOLDER + "next.csv", hashes(50, 5))
    w.run()
    assert w.ids("foodies") == [expected | set(hashes(50, 5))], where
    left = w.record("foodies")
    assert [left[n] for n in ("lease", "create", "accepted", "wait", "crashes")] == [
        *(None, None, None, None, 0)
    ], where


def killed_at_each_call(story: Story, directory: Path, *, after: bool) -> Iterator[int]:
    for at in range(MOST_CALLS):
        with world(directory) as w:
            expected = story(w)
            Killer(w, at=at, after=after)
            if not run_to_the_end(w):
                return
            check(w, expected, f"killed {'after' if after else 'before'} call {at}")
            yield at


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_killed_at_any_call_the_next_message_ends_with_one_audience_all_ids_and_receipts(
    tmp_path: Path, story: Story, after: bool
) -> None:
    points = list(killed_at_each_call(story, tmp_path, after=after))

    assert len(points) >= (5 if after else 12)


@pytest.mark.parametrize("story", [create, two_drops, lost_answer], ids=lambda s: s.__name__)
def test_killed_twice_in_a_row_the_work_is_finished_all_the_same(
    tmp_path: Path, story: Story
) -> None:
    for first in range(0, 28, 4):
        for second in range(0, 20, 6):
            with world(tmp_path) as w:
                expected = story(w)
                for at in (first, second):
                    Killer(w, at=at, after=True)
                    try:
                        w.run()
                    except Killed:
                        w.app = w.new_app()
                Killer(w)
                w.run()
                check(w, expected, f"killed after calls {first} and {second}")


def test_killed_while_an_update_is_sent_its_72_hours_begin_anew(
    w: World,
) -> None:
    w.sim.faults.add({"kind": "code", "value": 40002, "message": "not editable", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    expected = append(w)
    w.run(hours=0)
    w.advance(80 * 3600)

    def die(path: str) -> None:
        if "update" in path:
            w.tiktok.after = lambda path: None
            raise Killed

    w.tiktok.after = die
    with pytest.raises(Killed):
        w.run()
    w.app = w.new_app()

    w.run()

    check(w, expected, "killed with an update under way")


@pytest.mark.parametrize("story", [create, append], ids=lambda story: story.__name__)
def test_killed_between_an_accepted_call_and_its_receipt_nothing_is_sent_again(
    w: World, story: Story
) -> None:
    def die(operation: str, key: str) -> None:
        if operation == "put" and key.startswith("receipts/"):
            w.s3.before = lambda operation, key: None
            raise Killed

    expected = story(w)
    w.s3.before = die
    with pytest.raises(Killed):
        w.run()
    called = w.called()
    w.app = w.new_app()

    w.run()

    assert w.called() == called
    check(w, expected, "killed before the receipt")
