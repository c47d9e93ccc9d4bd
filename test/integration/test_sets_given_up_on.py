"""A set that is given up on has one dead letter and a receipt a part, whatever the reason."""

from typing import Any

import pytest
from support.fake_s3 import client_error
from support.killer import Killed
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"
POISON = JUNE + "1.csv"


@pytest.fixture
def s(w: World) -> World:
    """Make a stack with an audience of a hundred ids, where any set may shrink it."""
    w.replace_minimum_percent = 0
    w.app = w.new_app()
    w.sim.seed(name="foodies", ids=hashes(0, 100))
    return w


def drop_set(w: World) -> set[str]:
    for n in range(3):
        w.drop(f"{JUNE}{n}.csv", hashes(500 + n * 5, 5))
    return set(hashes(500, 15))


def check_refused_as_one(w: World, reason: str) -> None:
    assert w.reasons() == [reason]
    receipts: list[Any] = [w.receipt(f"{JUNE}{n}.csv") for n in range(3)]
    assert [r["status"] for r in receipts] == ["rejected"] * 3
    assert {r["reason"] for r in receipts} == {reason}
    assert w.ids("foodies") == [set(hashes(0, 100))]
    assert not w.sqs.messages


def check_sent_when_redriven(w: World, ids: set[str]) -> None:
    w.redrive()
    w.run()
    assert w.ids("foodies") == [ids]
    assert not w.sqs.dead


def run_over_deaths(w: World) -> None:
    for _ in range(100):
        try:
            w.run()
            return
        except Killed:
            w.app = w.new_app()


@pytest.mark.parametrize(
    ("error", "reason"), [(RuntimeError("a bug"), "unexpected"), (Killed(), "crashed")]
)
def test_set_with_a_part_that_breaks_the_function_is_refused_as_one(
    s: World, error: BaseException, reason: str
) -> None:
    def fail(operation: str, key: str) -> None:
        if operation == "get" and key == POISON:
            raise error

    ids = drop_set(s)
    s.s3.before = fail

    run_over_deaths(s)

    check_refused_as_one(s, reason)
    s.s3.before = lambda operation, key: None
    check_sent_when_redriven(s, ids)


def test_set_with_a_part_that_breaks_the_function_does_not_keep_an_append_from_being_added(
    s: World,
) -> None:
    def fail(operation: str, key: str) -> None:
        if operation == "get" and key == POISON:
            raise RuntimeError

    drop_set(s)
    s.drop(FOLDER + "more.csv", hashes(900, 5))
    s.s3.before = fail

    s.run()

    assert s.reasons() == ["unexpected"]
    assert s.ids("foodies") == [{*hashes(0, 100), *hashes(900, 5)}]


def test_set_for_an_audience_that_never_takes_edits_is_refused_as_one_after_72_hours(
    s: World,
) -> None:
    [found] = [str(a["id"]) for a in s.sim.audiences("foodies")]
    s.sim.edit(found, is_valid=False)
    drop_set(s)

    s.run()

    check_refused_as_one(s, "audience_stuck")


def test_set_that_waited_for_13_days_is_given_up_on_as_one(s: World) -> None:
    s.secrets.put(ACCESS_TOKEN="wrong", ADVERTISER_ID=s.sim.advertiser_id)
    ids = drop_set(s)

    s.run(hours=14 * 24, receives=5000)

    check_refused_as_one(s, "gave_up")
    s.secrets.put(ACCESS_TOKEN=s.sim.token, ADVERTISER_ID=s.sim.advertiser_id)
    check_sent_when_redriven(s, ids)


def test_set_that_would_leave_too_few_is_refused_as_one(s: World) -> None:
    s.sim.set_options(floor=1000)
    drop_set(s)

    s.run()

    check_refused_as_one(s, "below_minimum")


def test_late_part_that_can_not_be_read_is_told_of_and_opens_the_set_when_redriven(
    s: World,
) -> None:
    s.sim.set_options(processing_seconds=0.0)
    ids = drop_set(s)
    s.run()
    s.advance(60)
    s.write(JUNE + "late.csv", hashes(515, 5))

    def refuse(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "late.csv":
            raise client_error("InvalidObjectState", 403)

    s.s3.before = refuse
    s.receive(s.drop(FOLDER + "more.csv", hashes(900, 5)))
    assert s.reasons() == ["set_incomplete"]
    s.s3.before = lambda operation, key: None
    s.advance(HOUR)

    s.redrive()
    s.run()

    assert s.ids("foodies") == [{*ids, *hashes(515, 5), *hashes(900, 5)}]
    assert not s.sqs.dead
