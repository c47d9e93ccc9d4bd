"""A set that was sent after newer appends, of whose REPLACE nobody knows whether it landed.

Whatever becomes of the set afterwards: what was appended since the set's own time is in again.
"""

from collections.abc import Callable
from typing import Any

import pytest
from support.killer import Killed
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"
LATE = JUNE + "1.csv"
NEW = FOLDER + "new.csv"
BAD = b"PAR1" + bytes(40)


def status(w: World, key: str) -> str:
    receipt: Any = w.receipt(key)
    return str(receipt["status"]) if receipt else "none"


def set_and_a_newer_append(w: World) -> None:
    """Have a set delivered, and then an append, both applied."""
    w.drop(JUNE + "0.csv", hashes(500, 5))
    w.run()
    w.advance(60)
    w.drop(NEW, hashes(900, 5))
    w.run()
    w.advance(49 * HOUR)
    w.sweep()


def send_late_part(w: World) -> None:
    """Have a late part's set sent; TikTok takes it, and the function hears nothing of it."""
    w.receive(w.drop(LATE, hashes(600, 5)))
    assert w.ids("foodies") == [{*hashes(500, 5), *hashes(600, 5)}]


def lose_the_answer(w: World) -> None:
    w.sim.faults.add({"kind": "cut_after", "endpoint": "update", "times": 1})
    send_late_part(w)


def die_before_the_answer(w: World) -> None:
    def die(path: str) -> None:
        if path.endswith("/update/"):
            raise Killed

    w.tiktok.after = die
    with pytest.raises(Killed):
        send_late_part(w)
    w.tiktok.after = lambda path: None
    w.app = w.new_app()
    assert w.ids("foodies") == [{*hashes(500, 5), *hashes(600, 5)}]


@pytest.fixture(params=[lose_the_answer, die_before_the_answer])
def lost(w: World, request: pytest.FixtureRequest) -> World:
    """Return a world in which a REPLACE wiped out a newer append, and nobody heard of it."""
    set_and_a_newer_append(w)
    request.param(w)
    return w


def overwrite_the_part(w: World) -> None:
    w.drop(LATE, BAD)


def overwrite_the_part_and_lose_its_event(w: World) -> None:
    w.write(LATE, BAD)


def delete_the_set(w: World) -> None:
    del w.s3.objects[LATE], w.s3.objects[JUNE + "0.csv"]


def refuse_the_next_call(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40006, "endpoint": "update", "times": 1})
    w.advance(49 * HOUR)  # else TikTok says that the audience is being processed


@pytest.mark.parametrize(
    "what",
    [
        overwrite_the_part,
        overwrite_the_part_and_lose_its_event,
        delete_the_set,
        refuse_the_next_call,
    ],
)
def test_newer_append_is_in_again_whatever_becomes_of_the_set(
    lost: World, what: Callable[[World], None]
) -> None:
    what(lost)

    lost.run()

    assert set(hashes(900, 5)) <= lost.ids("foodies")[0]
    assert status(lost, NEW) == "delivered"
    assert not lost.sqs.messages


def test_set_that_is_sent_again_leaves_the_newer_append_in(lost: World) -> None:
    lost.run()

    assert lost.ids("foodies") == [{*hashes(500, 5), *hashes(600, 5), *hashes(900, 5)}]
    assert [status(lost, key) for key in (LATE, NEW)] == ["delivered"] * 2
    assert not lost.sqs.dead


def test_refusal_after_a_lost_answer_leaves_the_newer_append_in(w: World) -> None:
    """Both come of one call, which is sent again at once; no other try is made for the set."""
    set_and_a_newer_append(w)
    w.sim.set_options(processing_seconds=0.0)
    w.sim.faults.add({"kind": "cut_after", "endpoint": "update", "times": 1})
    w.sim.faults.add({"kind": "code", "value": 40006, "endpoint": "update", "times": 1})

    send_late_part(w)
    assert w.reasons() == ["tiktok_refused"]
    w.run()

    assert set(hashes(900, 5)) <= w.ids("foodies")[0]
    assert status(w, NEW) == "delivered"


def test_call_that_was_refused_opens_nothing_again(w: World) -> None:
    set_and_a_newer_append(w)
    before = w.receipt(NEW)
    w.sim.faults.add({"kind": "code", "value": 40006, "endpoint": "update", "times": 1})

    w.drop(LATE, hashes(600, 5))
    w.run()

    assert w.reasons() == ["tiktok_refused"]
    assert w.receipt(NEW) == before


def test_late_set_that_goes_alone_after_crashes_leaves_the_newer_append_in(w: World) -> None:
    set_and_a_newer_append(w)
    dies = [3]

    def die(operation: str, key: str) -> None:
        if operation == "get" and key == LATE and dies[0]:
            dies[0] -= 1
            raise Killed

    w.s3.before = die
    w.drop(LATE, hashes(600, 5))
    for _ in range(4):
        try:
            w.run()
        except Killed:
            w.app = w.new_app()

    assert w.ids("foodies") == [{*hashes(500, 5), *hashes(600, 5), *hashes(900, 5)}]
    assert status(w, NEW) == "delivered"


def test_older_set_is_sent_after_a_newer_one_that_was_refused_since_its_answer_was_lost(
    w: World,
) -> None:
    """The create of July is not known to be taken; July then gets a part that refuses it."""
    w.sim.set_options(history_from="result", processing_seconds=HOUR)
    w.sim.faults.add({"kind": "cut_after", "endpoint": "create", "times": 1})
    w.write(JUNE + "0.csv", hashes(500, 5))
    w.advance(1)
    july = w.drop(FOLDER + "replace/july/0.csv", hashes(600, 5))
    w.receive(july)
    assert w.ids("foodies") == [set(hashes(600, 5))]

    w.drop(FOLDER + "replace/july/1.csv", BAD)
    w.run()
    w.sweep()
    w.run()

    assert w.reasons() == ["set_incomplete"]
    assert w.ids("foodies") == [set(hashes(500, 5))]
    assert status(w, JUNE + "0.csv") == "delivered"
