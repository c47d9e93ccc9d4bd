"""The audience takes no edits, or TikTok refuses the call for good."""

from typing import Any

import pytest
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
BUSY_WAITS = [900, 1800, 3600, 7200, 10800, 10800]


def test_processing_audience_is_waited_for_without_uploading_and_delivered_at_the_end(
    w: World,
) -> None:
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    began = w.now()
    message = w.drop(KEY, hashes(5, 5))

    waits = [w.come(message) for _ in range(6)]

    assert waits == BUSY_WAITS
    assert w.called("upload") == ["upload"]
    w.run()
    assert 48 * HOUR <= w.now() - began <= 51 * HOUR
    assert w.called("update") == ["update"]
    assert w.ids("foodies") == [set(hashes(0, 10))]
    assert w.receipt(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "Audience is not editable, please check audience status",
        "This replace operation is rejected as there is an existing unfinished replace operation",
    ],
)
def test_refused_edit_is_not_tried_again_and_keeps_its_uploads_for_the_next_try(
    w: World, text: str
) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 40002, "message": text, "endpoint": "update"})
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(6)]

    assert waits == BUSY_WAITS
    assert w.called("update") == ["update"] * 6
    assert w.called("upload") == ["upload"]
    w.sim.faults.clear()
    w.run()
    assert w.called("upload") == ["upload"]
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_new_drop_joins_the_kept_uploads_of_those_that_wait(w: World) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 40002, "message": "not editable", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    w.come(w.drop(KEY, hashes(0, 5)))
    w.drop(FOLDER + "b.csv", hashes(5, 5))

    w.run()

    assert w.called("upload") == ["upload", "upload"]
    assert w.called("update") == ["update", "update"]
    assert w.ids("foodies") == [set(hashes(0, 10))]


def test_kept_uploads_are_made_anew_once_tiktok_may_have_dropped_them(w: World) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 40002, "message": "not editable", "times": 10,
                      "endpoint": "update"})  # fmt: skip
    w.drop(KEY, hashes(0, 5))

    w.run()

    assert w.called("update") == ["update"] * 11
    assert w.called("upload") == ["upload"] * 2
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_kept_uploads_of_an_overwritten_drop_are_not_sent(w: World) -> None:
    w.sim.seed(name="foodies")
    w.sim.faults.add({"kind": "code", "value": 40002, "message": "not editable", "times": 1,
                      "endpoint": "update"})  # fmt: skip
    w.come(w.drop(KEY, hashes(0, 5)))
    w.drop(KEY, hashes(5, 5))

    w.run()

    assert w.ids("foodies") == [set(hashes(5, 5))]


def test_audience_that_never_takes_edits_is_stuck_after_72_hours(w: World) -> None:
    w.sim.seed(name="foodies", is_valid=False)
    began = w.now()
    w.drop(KEY, hashes(5, 5))
    w.drop(FOLDER + "b.csv", hashes(10, 5))

    w.run()

    assert 72 * HOUR < w.now() - began < 76 * HOUR
    assert w.reasons() == ["audience_stuck"] * 2
    assert "Ads Manager" in w.sqs.dead[0].attributes["ErrorMessage"]
    receipt: Any = w.receipt(KEY)
    assert receipt["reason"] == "audience_stuck"
    assert w.called("update") == []


def test_faults_between_the_busy_answers_do_not_keep_a_stuck_audience_waiting(w: World) -> None:
    w.sim.seed(name="foodies", is_valid=False)
    began = w.now()
    w.sim.faults.add({"kind": "http", "value": 502, "probability": 0.6, "seed": 3})
    w.drop(KEY, hashes(5, 5))

    w.run()

    assert 72 * HOUR < w.now() - began < 80 * HOUR
    assert w.reasons() == ["audience_stuck"]


def test_audience_of_too_few_people_is_known_as_such_48_hours_after_its_creation(
    w: World,
) -> None:
    w.sim.set_options(floor=1000)
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    created = w.now()
    w.drop(KEY, hashes(5, 5))
    w.drop(FOLDER + "b.csv", hashes(10, 5))

    w.run()

    assert 48 * HOUR <= w.now() - created < 52 * HOUR
    assert w.reasons() == ["too_small"] * 2
    assert "Delete the audience in Ads Manager" in w.sqs.dead[0].attributes["ErrorMessage"]
    first: Any = w.receipt(FOLDER + "first.csv")
    assert (first["status"], first["outcome"]["state"]) == ("delivered", "too_small")
    assert any("fewer than 1,000" in warning for warning in first["warnings"])


def test_drop_for_an_audience_of_too_few_people_is_dead_lettered_at_once(w: World) -> None:
    w.sim.set_options(floor=1000)
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    w.drop(FOLDER + "b.csv", hashes(5, 5))
    w.run()

    assert w.receive(w.drop(KEY, hashes(10, 5)))

    assert w.reasons() == ["too_small"] * 2


@pytest.mark.parametrize("times", [1, 3])
def test_update_that_was_taken_unheard_begins_the_72_hours_anew(w: World, times: int) -> None:
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    w.sim.faults.add({"kind": "cut_after", "endpoint": "update", "times": times})
    w.drop(KEY, hashes(5, 5))

    w.run()

    assert w.reasons() == []
    assert w.ids("foodies") == [set(hashes(0, 10))]
    assert w.receipt(KEY)


def test_too_small_audience_that_was_deleted_is_made_anew_after_a_redrive(w: World) -> None:
    w.sim.set_options(floor=1000)
    w.receive(w.drop(FOLDER + "first.csv", hashes(0, 5)))
    w.drop(KEY, hashes(5, 5))
    w.run()
    w.sim.remove(w.sim.audiences("foodies")[0]["id"])  # type: ignore[arg-type]

    w.redrive()
    w.run(hours=1)

    assert w.ids("foodies") == [set(hashes(5, 5))]
    receipt: Any = w.receipt(KEY)
    assert receipt["status"] == "delivered"
    assert any("1,000" in warning for warning in receipt["warnings"])


def test_change_that_would_leave_too_few_is_dead_lettered_as_below_minimum(w: World) -> None:
    w.sim.set_options(floor=1000)
    w.sim.seed(name="foodies", ids=hashes(100, 5))

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.reasons() == ["below_minimum"]
    assert w.called("update") == ["update"]
    assert w.ids("foodies") == [set(hashes(100, 5))]
