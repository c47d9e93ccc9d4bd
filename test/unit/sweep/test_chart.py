import re

import pytest
from audience_uploader.domain.times import iso
from audience_uploader.sweep.chart import growth, line, points_of

NOW = 1_795_582_920.0
DAY = 86_400.0


def points(*sizes: int) -> list[tuple[float, int]]:
    """One a day, the last one now."""
    return [(NOW - (len(sizes) - 1 - i) * DAY, size) for i, size in enumerate(sizes)]


def trace(svg: str) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """Where the line starts, and its moves."""
    found = re.search(r'class="trace" d="M(\d+) (\d+)(?:l([^"]*))?"', svg)
    assert found is not None
    steps = [int(n) for n in re.findall(r"-?\d+", found[3] or "")]
    return (int(found[1]), int(found[2])), list(zip(steps[::2], steps[1::2], strict=True))


def test_points_of_unreadable_history_are_left_out() -> None:
    history = [[iso(NOW), 5], ["x", 6], [iso(NOW)], "7", [iso(NOW), True], [iso(NOW - DAY), 4]]

    assert points_of(history) == [(NOW - DAY, 4), (NOW, 5)]
    assert points_of(None) == points_of("x") == []


def test_line_without_a_point_is_a_dash() -> None:
    assert "svg" not in line([])


def test_line_of_one_point_is_a_dot_with_words() -> None:
    svg = line(points(1_200))

    assert 'aria-label="One size so far: 1,200 people on 25 Nov 2026."' in svg
    assert trace(svg)[1] == []


def test_line_says_in_words_what_it_shows() -> None:
    svg = line(points(1_200, 9_000, 8_000))

    assert "1,200 on 23 Nov 2026, 8,000 on 25 Nov 2026; most: 9,000." in svg


def test_line_goes_up_where_the_size_does() -> None:
    start, moves = trace(line(points(0, 5_000, 10_000)))

    assert start == (4, 44)
    assert moves == [(116, -20), (116, -20)]


def test_line_of_many_days_keeps_the_first_and_the_last() -> None:
    start, moves = trace(line(points(*range(1, 401))))

    assert len(moves) == 35
    assert start[0] + sum(dx for dx, _ in moves) == 236
    assert start[1] + sum(dy for _, dy in moves) == 28  # 400 of the 1,000 that are needed


def test_line_between_days_far_apart_follows_the_time() -> None:
    far = [(NOW - 100 * DAY, 10), (NOW - 99 * DAY, 10), (NOW, 10)]

    assert trace(line(far))[1] == [(2, 0), (230, 0)]


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ((1_000, 1_500), "+500 in 1 day"),
        ((1_500, 1_000), "&minus;500 in 1 day"),
        ((7, 7, 7), "unchanged in 2 days"),
        (tuple(range(100)), "+30 in 30 days"),
    ],
)
def test_growth_says_the_change_and_its_time(sizes: tuple[int, ...], words: str) -> None:
    assert words in growth(points(*sizes), NOW)


@pytest.mark.parametrize("sizes", [(), (5,)])
def test_growth_of_less_than_a_day_is_not_said(sizes: tuple[int, ...]) -> None:
    assert growth(points(*sizes), NOW) == ""
