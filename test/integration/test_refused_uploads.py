"""An upload that TikTok refuses is the outcome of a drop whose rows are in it, never of another."""

from typing import Any

import pytest
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
DAMAGED, GOOD, LATER = (FOLDER + name for name in ("damaged.csv", "good.csv", "later.csv"))


def refuse_one_upload(w: World) -> None:
    w.sim.faults.add({"kind": "code", "value": 40006, "times": 1, "endpoint": "upload"})


def reason(w: World, key: str) -> str:
    receipt: Any = w.receipt(key)
    return str(receipt["reason"])


@pytest.mark.parametrize("own", [DAMAGED, GOOD], ids=["message of the damaged", "of the good"])
def test_refused_upload_is_not_the_outcome_of_a_damaged_drop_that_is_not_in_it(
    w: World, own: str
) -> None:
    messages = {DAMAGED: w.drop(DAMAGED, b"\x1f\x8b\x08\x00broken")}
    w.advance(1)
    messages[GOOD] = w.drop(GOOD, hashes(0, 5))
    refuse_one_upload(w)

    w.receive(messages[own])
    w.run()

    assert {key: reason(w, key) for key in messages} == {
        DAMAGED: "damaged_gzip",
        GOOD: "tiktok_refused",
    }
    assert sorted(w.reasons()) == ["damaged_gzip", "tiktok_refused"]
    w.redrive()
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_refused_upload_of_several_drops_is_the_outcome_of_the_messages_own(w: World) -> None:
    w.drop(GOOD, hashes(0, 5))
    w.advance(1)
    own = w.drop(LATER, hashes(5, 5))
    refuse_one_upload(w)

    w.receive(own)

    assert reason(w, LATER) == "tiktok_refused"
    assert w.receipt(GOOD) is None
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]
