"""Distinct ids: exact up to the limit, and small whatever comes."""

import hashlib
import random
import tracemalloc

import pytest
from audience_uploader.rows.tally import DistinctIds, DistinctTally


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


def hashed(numbers: range) -> bytes:
    return b"".join(hashlib.sha256(b"%d" % n).hexdigest().encode() + b"\n" for n in numbers)


@pytest.mark.parametrize("count", [0, 1, 99, 1000, 19_600])
def test_distinct_tally_is_exact_up_to_its_bound(count: int) -> None:
    tally = DistinctTally()

    for _ in range(2):
        tally.add(hashed(range(count)))

    assert (tally.count, tally.is_estimate) == (count, False)


@pytest.mark.parametrize("count", [19_601, 60_000, 300_000])
def test_distinct_tally_past_its_bound_is_close(count: int) -> None:
    tally = DistinctTally()

    for start in range(0, count, 10_000):
        block = hashed(range(start, min(count, start + 10_000)))
        tally.add(block)
        tally.add(block)

    assert tally.is_estimate
    assert abs(tally.count - count) < count * 0.1


def test_distinct_tally_takes_several_steps_and_stays_small() -> None:
    tally = DistinctTally(most=50)

    tally.add(hashed(range(100_000)))

    assert tally.is_estimate
    assert 20_000 < tally.count < 400_000


@pytest.mark.parametrize("count", [1000, 19_600])
def test_distinct_tally_tells_rows_that_differ_anywhere(count: int) -> None:
    for place in (0, 20, 59):
        tally = DistinctTally()
        for number in range(count):
            tally.add((b"%05x" % number).rjust(place + 5, b"a").ljust(64, b"b") + b"\n")

        assert (tally.count, tally.is_estimate) == (count, False)


def test_distinct_tally_of_ascending_numbers_is_close() -> None:
    tally = DistinctTally()

    tally.add(rows(range(100_000)))

    assert tally.is_estimate
    assert abs(tally.count - 100_000) < 10_000
