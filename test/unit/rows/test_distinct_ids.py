"""Distinct ids: exact up to the limit, and small whatever comes."""

import random
import tracemalloc

import pytest
from audience_uploader.rows.tally import DistinctIds


def rows(numbers: range) -> bytes:
    return b"".join(b"%064x\n" % number for number in numbers)


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 5000])
@pytest.mark.parametrize("size", [65, 650, 10**9], ids=["row by row", "ten", "all"])
def test_distinct_ids_are_exact_up_to_the_limit(count: int, size: int) -> None:
    distinct = DistinctIds()
    block = rows(range(count)) * 2

    for start in range(0, len(block), size):
        distinct.add(block[start : start + size])

    assert distinct.count == min(count, 1000)


def test_distinct_ids_repeated_count_once() -> None:
    distinct = DistinctIds(limit=10)
    numbers = random.Random(1).choices(range(9), k=400)

    for number in numbers:
        distinct.add(rows(range(number, number + 1)))

    assert distinct.count == 9


def test_distinct_ids_past_the_limit_hold_no_memory() -> None:
    distinct = DistinctIds(limit=1000)
    block = rows(range(50_000))
    tracemalloc.start()

    distinct.add(block)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert distinct.count == 1000
    assert held < 10_000
    assert peak < 1_000_000
