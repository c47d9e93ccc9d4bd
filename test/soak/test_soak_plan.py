"""What a soak is drawn from: the same for the same seed, and as bad as it says."""

import math
from dataclasses import replace

import pytest
from audience_uploader.domain.drop import parse_key
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import RowCounts, scrub
from support.soak.contents import POISON
from support.soak.faults import fails, fault_rules
from support.soak.plan import make_plan
from support.soak.scale import FLOOR, LONG, SHORT, Scale

SCALES = pytest.mark.parametrize("scale", [SHORT, LONG], ids=["short", "long"])


def test_plan_same_seed_gives_the_same_at_any_time_and_another_seed_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make_plan(SHORT).drops
    monkeypatch.setattr("time.time", lambda: 1.0)  # gzip writes the time unless told otherwise

    assert make_plan(SHORT).drops == first
    assert make_plan(SHORT).drops != make_plan(replace(SHORT, seed=2)).drops


@SCALES
def test_plan_holds_as_much_as_asked_for_and_every_kind_of_poison(scale: Scale) -> None:
    plan = make_plan(scale)

    assert len(plan.good) == scale.drops
    assert len(plan.poison) == scale.poison
    assert len({d.key for d in plan.drops}) == len(plan.drops)
    assert {d.target.name for d in plan.good if d.target} == set(plan.expected)
    assert {d.reason for d in plan.poison} == {kind.reason for kind in POISON}
    assert max(at for at, _ in plan.bursts) <= scale.spread


@SCALES
def test_good_drop_holds_exactly_its_ids_whatever_its_shape(scale: Scale) -> None:
    for drop in make_plan(scale).good:
        key = parse_key(drop.key)
        sent = b"".join(scrub([drop.body], key.calculate_type, RowCounts()))

        assert drop.target
        assert (key.audience, key.calculate_type) == (drop.target.name, drop.target.calculate_type)
        assert frozenset(sent.decode().split()) == drop.ids
        assert len(drop.ids) >= FLOOR


def test_poison_is_refused_for_its_reason_by_key_or_content() -> None:
    for drop in make_plan(SHORT).poison:
        reason = ""
        counts = RowCounts()
        try:
            b"".join(scrub([drop.body], parse_key(drop.key).calculate_type, counts))
        except DropRefused as refusal:
            reason = refusal.reason
        assert (reason or "no_valid_rows" * (counts.valid == 0)) == drop.reason


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.8])
def test_faults_make_the_stated_share_of_calls_fail(rate: float) -> None:
    rules = [rule for rule in fault_rules(rate, seed=1) if "probability" in rule]
    everywhere = [r for r in rules if "endpoint" not in r and fails({"value": None, **r})]

    untouched = math.prod(1 - rule["probability"] for rule in everywhere)

    assert untouched == pytest.approx(1 - rate)
    assert len({rule["seed"] for rule in rules}) == len(rules)
