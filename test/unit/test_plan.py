"""Which drops go next, with which action, told from a list alone."""

from collections.abc import Sequence

import pytest
from audience_uploader.delivery.plan import Plan, plan_call
from audience_uploader.domain.actions import APPEND, REMOVE, REPLACE
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.state_parts import SetMark

FOLDER = "tiktok/foodies/email_sha256/"
NOW = 1_800_000_000.0


def drop(name: str, at: float, etag: str = "e") -> Drop:
    return Drop(parse_key(FOLDER + name), etag, 65, NOW - 10_000 + at)


def state(**fields: object) -> AudienceState:
    made = AudienceState("7000", "foodies")
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def planned(
    drops: Sequence[Drop],
    memory: AudienceState | None = None,
    *,
    done: Sequence[Drop] = (),
    waiting: Sequence[str] = (),
    settle_seconds: float = 60,
) -> Plan:
    """Return the plan for drops of which those in `done` have a receipt."""
    return plan_call(
        drops,
        {d.version for d in drops} - {d.version for d in done},
        memory or state(),
        waiting=[FOLDER + name for name in waiting],
        now=NOW,
        settle_seconds=settle_seconds,
    )


def names(drops: Sequence[Drop]) -> list[str]:
    return [d.key.key.removeprefix(FOLDER) for d in drops]


def test_nothing_pending_plans_nothing() -> None:
    done = drop("a.csv", 0)

    assert planned([done], done=[done]) == Plan()


def test_appends_go_together_oldest_first() -> None:
    plan = planned([drop("b.csv", 2), drop("c.csv", 1), drop("a.csv", 2)])

    assert (plan.action, names(plan.drops)) == (APPEND, ["c.csv", "a.csv", "b.csv"])
    assert not plan.left_over


@pytest.mark.parametrize(
    ("last", "action", "taken"),
    [
        (None, REMOVE, ["remove/1.csv", "remove/2.csv"]),
        (APPEND, REMOVE, ["remove/1.csv", "remove/2.csv"]),
        (REPLACE, REMOVE, ["remove/1.csv", "remove/2.csv"]),
        (REMOVE, APPEND, ["a.csv"]),
    ],
)
def test_removals_go_next_whenever_the_last_call_was_none(
    last: str | None, action: str, taken: list[str]
) -> None:
    drops = [drop("remove/1.csv", 1), drop("remove/2.csv", 2), drop("a.csv", 3)]

    plan = planned(drops, state(last_action=last))

    assert (plan.action, names(plan.drops)) == (action, taken)
    assert plan.left_over


def test_removal_waits_for_the_append_that_was_written_before_it() -> None:
    plan = planned([drop("a.csv", 1), drop("remove/1.csv", 2)], state(last_action=APPEND))

    assert (plan.action, names(plan.drops)) == (APPEND, ["a.csv"])


def test_drops_of_one_second_are_appended_before_they_are_taken_out() -> None:
    plan = planned([drop("remove/1.csv", 1.1), drop("a.csv", 1.9)], state(last_action=APPEND))

    assert plan.action == APPEND


def test_removals_alone_go_whatever_the_last_call_was() -> None:
    plan = planned([drop("remove/1.csv", 1)], state(last_action=REMOVE))

    assert (plan.action, plan.left_over) == (REMOVE, False)


def test_drop_that_can_not_be_read_now_is_left_out_and_holds_nothing() -> None:
    plan = planned([drop("a.csv", 1), drop("b.csv", 2)], waiting=["a.csv"])

    assert names(plan.drops) == ["b.csv"]
    assert not plan.left_over


def test_set_is_planned_whole_with_its_parts_that_have_a_receipt() -> None:
    parts = [drop("replace/june/1.csv", 1), drop("replace/june/2.csv", 2)]

    plan = planned(parts, done=parts[:1])

    assert (plan.action, names(plan.drops)) == (
        REPLACE,
        ["replace/june/1.csv", "replace/june/2.csv"],
    )
    assert plan.drop_set
    assert plan.drop_set.at == parts[0].modified_at


def test_set_that_is_done_is_not_planned_again() -> None:
    parts = [drop("replace/june/1.csv", 1), drop("replace/june/2.csv", 2)]

    assert planned(parts, done=parts) == Plan()


def test_everything_waits_until_the_youngest_part_has_settled() -> None:
    plan = planned([drop("replace/june/1.csv", 9_970), drop("a.csv", 1)])

    assert plan.settles_in == 30
    assert not plan.drops


def test_newest_set_goes_first_and_the_others_are_left_over() -> None:
    plan = planned([drop("replace/b/1.csv", 1), drop("replace/a/1.csv", 5), drop("x.csv", 9)])

    assert plan.drop_set
    assert (plan.drop_set.name, plan.left_over) == ("a", True)


def test_what_was_written_before_the_last_set_is_superseded() -> None:
    last = SetMark("june", NOW - 10_000 + 5, 100)
    drops = [
        drop("old.csv", 4), drop("same.csv", 5.9), drop("remove/old.csv", 3),
        drop("replace/may/1.csv", 2), drop("replace/june/1.csv", 5), drop("new.csv", 6),
    ]  # fmt: skip

    plan = planned(drops, state(last_set=last), done=[drops[4]])

    assert sorted(names(plan.superseded)) == [
        "old.csv", "remove/old.csv", "replace/may/1.csv", "same.csv",
    ]  # fmt: skip
    assert names(plan.drops) == ["new.csv"]


def test_last_set_itself_is_sent_again_when_a_part_is_new() -> None:
    last = SetMark("june", NOW - 10_000 + 5, 100)
    parts = [drop("replace/june/1.csv", 5), drop("replace/june/2.csv", 50)]

    plan = planned(parts, state(last_set=last), done=parts[:1])

    assert names(plan.drops) == ["replace/june/1.csv", "replace/june/2.csv"]
    assert not plan.superseded


def test_append_or_set_written_before_the_newest_removal_is_overtaken_and_a_removal_is_not() -> (
    None
):
    drops = [
        drop("old.csv", 4), drop("same.csv", 5.9), drop("remove/old.csv", 3),
        drop("replace/may/1.csv", 2), drop("new.csv", 6),
    ]  # fmt: skip

    plan = planned(drops, state(removed_until=NOW - 10_000 + 5, last_action=REMOVE))

    assert sorted(names(plan.overtaken)) == ["old.csv", "same.csv"]
    assert [s.name for s in plan.overtaken_sets] == ["may"]
    assert names(plan.drops) == ["new.csv"]
    assert plan.left_over
