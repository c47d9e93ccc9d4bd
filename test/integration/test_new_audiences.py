"""An audience that is not listed yet, and that TikTok once does not know by its id."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.world import World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"
LIST_LAG = 3500.0


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    """Make a stack whose TikTok is done at once, and lists a new audience an hour later."""
    with world(tmp_path, processing_seconds=0.0, list_lag_seconds=LIST_LAG) as made:
        yield made


def change(w: World, number: int) -> None:
    """Drop a file of five ids, and have its message received a minute later."""
    w.receive(w.drop(f"{FOLDER}{number}.csv", hashes(number * 5, 5)))
    w.advance(60)


def forget_when_it_was_made(w: World) -> None:
    """Store the record as an earlier version did."""
    key = f"state/{w.sim.advertiser_id}/foodies.json"
    record: dict[str, Any] = json.loads(w.s3.objects[key].body)
    del record["created_at"]
    w.s3.store(key, json.dumps(record).encode())


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_new_audience_that_get_leaves_out_is_not_made_twice_however_often_it_was_changed(
    w: World, changes: int
) -> None:
    for number in range(changes):
        change(w, number)
    w.sim.faults.add({"kind": "left_out", "endpoint": "get", "times": 4})

    change(w, changes)
    w.run()

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 5 * (changes + 1)))]


def test_new_audience_that_an_update_does_not_know_is_not_made_twice(w: World) -> None:
    change(w, 0)
    w.sim.faults.add({"kind": "code", "value": 40007, "endpoint": "update", "times": 1})

    change(w, 1)
    w.run()

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 10))]


def test_new_audience_that_a_person_deleted_is_made_anew_once_the_list_would_show_it(
    w: World,
) -> None:
    change(w, 0)
    change(w, 1)
    w.sim.remove(str(w.sim.audiences("foodies")[0]["id"]))

    change(w, 2)
    made_within_the_hour = w.called("create")
    w.run(hours=3)

    assert made_within_the_hour == ["create"]
    assert w.called("create") == ["create"] * 2
    assert w.ids("foodies") == [set(hashes(10, 5))]


def test_record_of_an_earlier_version_tells_of_the_create_by_its_last_changes(w: World) -> None:
    change(w, 0)
    change(w, 1)
    forget_when_it_was_made(w)
    w.sim.faults.add({"kind": "left_out", "endpoint": "get", "times": 1})

    change(w, 2)
    w.run()

    assert w.called("create") == ["create"]
    assert w.ids("foodies") == [set(hashes(0, 15))]
