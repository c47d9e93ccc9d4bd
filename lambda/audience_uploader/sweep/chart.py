"""A line of sizes over time as inline SVG, with the same in words for who does not see it."""

from collections.abc import Sequence
from itertools import pairwise

from audience_uploader.domain.receipt_warnings import USABLE_FROM
from audience_uploader.sweep.dates import day, length, seconds
from audience_uploader.sweep.page_text import NOTHING, is_number, sequence

Point = tuple[float, int]

_WIDTH, _HEIGHT, _MARGIN = 240, 48, 4
_MOST_POINTS = 36  # on the line; more can't be told apart at its width
_DAY = 86_400.0
_MONTH = 30 * _DAY


def points_of(history: object) -> list[Point]:
    """Return the readable points of a status object's history, oldest first."""
    found = []
    for point in sequence(history):
        if isinstance(point, list) and len(point) == 2 and is_number(point[1]):
            at = seconds(point[0])
            if at is not None:
                found.append((at, max(0, point[1])))
    return sorted(found)


def growth(points: Sequence[Point], now: float) -> str:
    """Return how the size changed within 30 days, or since it is known: `+1,200 in 30 days`."""
    recent = [p for p in points if p[0] > now - _MONTH]
    first = next((p for p in reversed(points) if p[0] <= now - _MONTH), None)
    start = first or (recent[0] if recent else None)
    if start is None or points[-1][0] - start[0] < _DAY:
        return ""
    change = points[-1][1] - start[1]
    said = f"{change:+,}".replace("-", "&minus;") if change else "unchanged"
    return f'<span class="sub">{said} in {length(min(now - start[0], _MONTH))}</span>'


def line(points: Sequence[Point]) -> str:
    """Return the line as an SVG element with a text alternative, from zero up."""
    if not points:
        return NOTHING
    shown = _thinned(points)
    top = max(USABLE_FROM, *(size for _, size in shown))
    steps = [_place(p, shown, top) for p in shown]
    drawn = _path(steps)
    last_x, last_y = steps[-1]
    area = f'<path class="area" d="{drawn}V{_HEIGHT}H{steps[0][0]}z"/>' if len(steps) > 1 else ""
    return (
        f'<svg class="line" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{_in_words(points)}">{area}<path class="trace" d="{drawn}"/>'
        f'<path class="end" d="M{last_x} {last_y}h0"/></svg>{_span(points)}'
    )


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Keep the first, the last, and what is evenly spread between them."""
    if len(points) <= _MOST_POINTS:
        return points
    step = (len(points) - 1) / (_MOST_POINTS - 1)
    return [points[round(i * step)] for i in range(_MOST_POINTS)]


def _place(point: Point, shown: Sequence[Point], top: int) -> tuple[int, int]:
    start, end = shown[0][0], shown[-1][0]
    share = (point[0] - start) / (end - start) if end > start else 1.0
    x = _MARGIN + share * (_WIDTH - 2 * _MARGIN)
    y = _HEIGHT - _MARGIN - point[1] / top * (_HEIGHT - 2 * _MARGIN)
    return round(x), round(y)


def _path(steps: Sequence[tuple[int, int]]) -> str:
    """Return the steps in relative terms, which take half the bytes."""
    (x, y), *_ = steps
    moves = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(steps))
    return f"M{x} {y}" + (f"l{' '.join(moves)}".replace(" -", "-") if len(steps) > 1 else "")


def _in_words(points: Sequence[Point]) -> str:
    (start, first), (end, last) = points[0], points[-1]
    if start == end:
        return f"One size so far: {last:,} people on {day(end)}."
    most = max(size for _, size in points)
    return f"People over time: {first:,} on {day(start)}, {last:,} on {day(end)}; most: {most:,}."


def _span(points: Sequence[Point]) -> str:
    start, end = day(points[0][0]), day(points[-1][0])
    if start == end:
        return f'<span class="sub">{end}</span>'
    short = start[:-5] if start[-4:] == end[-4:] else start
    return f'<span class="sub">{short} &ndash; {end}</span>'
