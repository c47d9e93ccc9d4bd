"""What may still be begun in what is left of an invocation."""

import pytest
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.domain.outcomes import OutOfTime


@pytest.mark.parametrize(
    ("timeout", "left", "for_work", "for_uploads", "for_calls"),
    [
        (900, 900, 840, 870, 885),
        (900, 60.5, 0.5, 30.5, 45.5),
        (900, 60, None, 30, 45),
        (900, 30, None, None, 15),
        (900, 15.5, None, None, 0.5),
        (900, 15, None, None, None),
        (900, -3, None, None, None),
        (10, 10, 8, 9, 9.5),
        (10, 2, None, 1, 1.5),
        (10, 0.5, None, None, None),
        (300, 61, 1, 31, 46),
    ],
)
def test_margin_is_60_seconds_or_a_fifth_for_uploads_then_the_call_then_receipts(
    timeout: float,
    left: float,
    for_work: float | None,
    for_uploads: float | None,
    for_calls: float | None,
) -> None:
    deadline = Deadline(lambda: left, timeout_seconds=timeout)

    assert _left(deadline.for_work) == for_work
    assert _left(deadline.for_uploads) == for_uploads
    assert _left(deadline.for_calls) == for_calls
    assert deadline.passed is (for_work is None)


def _left(ask: object) -> float | None:
    assert callable(ask)
    try:
        return float(ask())
    except OutOfTime:
        return None
