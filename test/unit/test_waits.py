"""The table of waits, in multiples of the base delay."""

import pytest
from audience_uploader.domain import backoff
from audience_uploader.domain.backoff import delay, is_over

EXACT = {
    backoff.TRANSIENT: [1, 2, 4, 8, 16, 30, 30],
    backoff.CREATE_UNANSWERED: [1, 2, 4, 8, 16, 30, 30],
    backoff.UNEXPECTED: [1, 2, 4, 8, 16, 30, 30],
    backoff.RATE_LIMITED: [10, 20, 40, 80, 120, 120],
    backoff.CREDENTIALS: [10, 20, 40, 80, 120, 120],
    backoff.AUDIENCE_BUSY: [30, 60, 120, 240, 360, 360],
    backoff.UNREADABLE: [10, 20, 40, 80, 120, 120],
    backoff.SUPERSEDING: [30, 60, 120, 240, 360, 360],
    backoff.AUDIENCE_ABSENT: [120, 120],
}


def test_every_schedule_has_its_figures_here() -> None:
    assert set(EXACT) == set(backoff.SCHEDULES)


@pytest.mark.parametrize("base", [30.0, 1.0, 0.2, 7.5])
@pytest.mark.parametrize("kind", EXACT)
def test_nth_wait_doubles_up_to_its_cap_and_scales_with_the_base(kind: str, base: float) -> None:
    found = [delay(kind, n, base=base) for n in range(len(EXACT[kind]))]

    assert found == pytest.approx([base * factor for factor in EXACT[kind]])


@pytest.mark.parametrize("kind", EXACT)
def test_no_wait_passes_what_sqs_can_hide(kind: str) -> None:
    assert delay(kind, 10_000, base=5_000.0) == 12 * 3600


def test_limits_in_hours_are_those_of_the_design() -> None:
    assert backoff.STUCK_AFTER == 72 * 3600
    assert backoff.GIVE_UP_AFTER == 13 * 24 * 3600
    assert backoff.hours(30) == 3600


@pytest.mark.parametrize(
    ("until", "over"),
    [(99, True), (100, True), (101, False), (460, False), (461, True), (4e9, True)],
    ids=["past", "now", "ahead", "as far ahead as can be", "further", "the year 2099"],
)
def test_time_is_over_when_it_is_past_or_further_ahead_than_it_can_be(
    until: float, over: bool
) -> None:
    assert is_over(until, now=100, longest=360) is over
