"""How many different identifiers there are: exact while they are few, then a close estimate."""

from collections.abc import Iterator
from itertools import chain
from struct import Struct

from audience_uploader.rows.clean_rows import ROW_BYTES
from audience_uploader.rows.other_forms import HASH_CHARACTERS

_STEP_BYTES = 1000 * ROW_BYTES
_MOST_HELD = 19_600  # with some more, a set's table takes 2 MB
_SHARE_HELD = 8  # of an estimate a part of that is held, since every row held takes its time
# Makes "0" of every digit below 16, 8, 4 or 2, and what is no digit of any other.
_BELOW = [
    bytes(b"0"[0] if byte in b"0123456789abcdef"[: 16 >> halves] else 0 for byte in range(256))
    for halves in range(4)
]


class DistinctIds:
    """Counts distinct rows up to a limit, in memory of that size; past it, adding costs nothing."""

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._seen: set[bytes] = set()
        self.count = 0

    def add(self, block: bytes) -> None:
        """Take in the rows of a block as scrub yields it; `count` then holds the number so far."""
        for start in range(0, len(block), _STEP_BYTES):
            if self.count >= self._limit:
                return
            self._seen.update(block[start : start + _STEP_BYTES].split())
            self.count = min(len(self._seen), self._limit)
            if self.count == self._limit:
                self._seen.clear()


class DistinctTally:
    """Counts distinct rows: exactly up to `most`, then closely, in memory of that size.

    Up to so many rows they are kept as they come, and compared when the count is asked for. More
    are held one by one, and more than `most` as a sample. Rows are hashes, so their digits are as
    good as random: held are those whose last digits, read backwards, are a small enough number, one
    row in two, four, eight and so on, the largest share that leaves an eighth of `most` or less
    (adaptive sampling, after Wegman). The standard error is below 4 / sqrt(most), 2.9 %.
    """

    def __init__(self, most: int = _MOST_HELD) -> None:
        self._most = most
        self._kept: list[bytes] = []
        self._room = most  # for rows that are kept as they come
        self._held: set[bytes] = set()
        self._halvings = 0

    @property
    def count(self) -> int:
        """The number of different rows so far."""
        return _distinct(b"".join(self._kept)) + (len(self._held) << self._halvings)

    @property
    def is_estimate(self) -> bool:
        """True once there were too many to hold each."""
        return self._halvings > 0

    def add(self, rows: bytes) -> None:
        """Take in rows of 64 lower hex digits and LF each."""
        self._room -= len(rows) // ROW_BYTES
        if self._room >= 0:
            self._kept.append(rows)
            return
        if self._kept:
            rows = b"".join([*self._kept, rows])
            self._kept = []
            if (different := len(set(_END.of(rows)))) > self._most:
                self._sample(different)
        self._hold(rows)

    def _hold(self, rows: bytes) -> None:
        for start in range(0, len(rows), _STEP_BYTES):
            if self._halvings:
                self._held.update(_sampled(rows[start:], self._halvings))
                self._shrink(self._most // _SHARE_HELD)
                return
            self._held.update(_WHOLE.of(rows[start : start + _STEP_BYTES]))
            self._shrink(self._most)

    def _shrink(self, most: int) -> None:
        """Hold fewer, if there are more than so many."""
        if len(self._held) > most:
            self._sample(len(self._held))
            self._held = set(_sampled(b"\n".join(self._held) + b"\n", self._halvings))

    def _sample(self, different: int) -> None:
        """Sample from now on, or more sparsely, as so many different rows are too many."""
        times_too_many = different * _SHARE_HELD // self._most
        self._halvings += max(1, (times_too_many - 1).bit_length())


class _Part:
    """The same part of each row, taken from a hundred rows at once."""

    def __init__(self, of_one: str) -> None:
        self._one, self._hundred = Struct(of_one), Struct(of_one * 100)

    def of(self, rows: bytes) -> Iterator[bytes]:
        view, hundreds = memoryview(rows), len(rows) - len(rows) % self._hundred.size
        first = self._hundred.iter_unpack(view[:hundreds])
        return chain.from_iterable(chain(first, self._one.iter_unpack(view[hundreds:])))


_WHOLE, _END = _Part("64sx"), _Part("48x16sx")


def _distinct(rows: bytes) -> int:
    """Return how many of the rows are different; mostly their ends are enough to tell."""
    count = len(rows) // ROW_BYTES
    return count if len(set(_END.of(rows))) == count else len(set(_WHOLE.of(rows)))


def _sampled(rows: bytes, halvings: int) -> Iterator[bytes]:
    """Yield one row in 2^halvings: those with zeros at the end, and a small digit before them."""
    zeros, halves = divmod(halvings, 4)
    length = zeros + 1
    marks = bytearray(len(rows) // ROW_BYTES * length)
    marks[::length] = rows[HASH_CHARACTERS - length :: ROW_BYTES].translate(_BELOW[halves])
    for place in range(1, length):
        marks[place::length] = rows[HASH_CHARACTERS - length + place :: ROW_BYTES]
    wanted = b"0" * length
    at = marks.find(wanted)
    while at >= 0:
        if at % length == 0:
            start = at // length * ROW_BYTES
            yield rows[start : start + HASH_CHARACTERS]
        at = marks.find(wanted, at + 1)
