"""What a soak is drawn from: the same for the same seed, and as bad as it says."""

from collections import Counter
from dataclasses import replace

import pytest
from audience_uploader.domain.drop import parse_key
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import RowCounts, scrub

from local.soak import LONG, SHORT, Scale
from local.soak.faults import fails, fault_rules
from local.soak.plan import make_plan
from local.soak.poison import KINDS, OTHER_TYPE, SEVERAL
from local.soak.scale import FLOOR

SCALES = pytest.mark.parametrize("scale", [SHORT, LONG], ids=["short", "long"])
AT_TIKTOK = {OTHER_TYPE, SEVERAL}


def test_plan_same_seed_gives_the_same_and_another_seed_another() -> None:
    assert make_plan(SHORT).drops == make_plan(SHORT).drops
    assert make_plan(SHORT).drops != make_plan(replace(SHORT, seed=2)).drops


@SCALES
def test_plan_holds_as_much_as_asked_for_and_every_kind_of_poison(scale: Scale) -> None:
    plan = make_plan(scale)

    assert len(plan.good) == scale.drops
    assert len(plan.poison) == scale.poison
    assert len({d.key for d in plan.drops}) == len(plan.drops)
    assert {d.target.name for d in plan.good if d.target} == set(plan.expected)
    assert {d.reason for d in plan.poison} == {kind.reason for kind in KINDS}
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
        if drop.reason in AT_TIKTOK:
            continue
        reason = ""
        counts = RowCounts()
        try:
            b"".join(scrub([drop.body], parse_key(drop.key).calculate_type, counts))
        except DropRefused as refusal:
            reason = refusal.reason
        assert (reason or "no_valid_rows" * (counts.valid == 0)) == drop.reason


@pytest.mark.parametrize("endpoint", ["upload", "create", "update", "list", "get"])
def test_faults_make_the_stated_share_of_calls_fail(endpoint: str) -> None:
    rules = [r for r in fault_rules(0.25, seed=1) if r.get("endpoint", "*") in ("*", endpoint)]
    everywhere = [r for r in rules if "endpoint" not in r and fails({"value": None, **r})]

    untouched = 1.0
    for rule in everywhere:
        untouched *= 1 - rule["probability"]

    assert untouched == pytest.approx(0.75)
    assert Counter(r["seed"] for r in rules).most_common(1)[0][1] == 1
