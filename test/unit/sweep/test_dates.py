import pytest
from audience_uploader.sweep.dates import day, distance, length, minute, seconds

NOW = 1_795_582_920.0  # 2026-11-25T05:02:00Z


def test_day_and_minute_are_in_utc() -> None:
    assert day(NOW) == "25 Nov 2026"
    assert minute(NOW) == "25 Nov 2026, 05:02 UTC"


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (0, "just now"),
        (-59, "just now"),
        (-60, "1 minute ago"),
        (-3 * 3_600, "3 hours ago"),
        (-36 * 3_600, "1 day ago"),
        (-2 * 86_400, "2 days ago"),
        (30, "in a moment"),
        (3_600, "in 1 hour"),
        (3 * 86_400 + 5, "in 3 days"),
    ],
)
def test_distance_is_in_the_largest_whole_unit(apart: float, words: str) -> None:
    assert distance(NOW + apart, NOW) == words


def test_length_of_more_than_a_thousand_days_has_its_mark() -> None:
    assert length(1_200 * 86_400) == "1,200 days"


@pytest.mark.parametrize("value", [None, 7, "", "yesterday", ["2026"]])
def test_seconds_of_what_is_no_time_are_none(value: object) -> None:
    assert seconds(value) is None


def test_seconds_of_a_time_are_those_since_the_epoch() -> None:
    assert seconds("2026-11-25T05:02:00.000Z") == NOW
