"""How many different identifiers there are: exact while they are few, then a close estimate."""

from collections.abc import Iterator
from itertools import chain
from struct import Struct

from audience_uploader.rows.clean_rows import ROW_BYTES
from audience_uploader.rows.other_forms import HASH_CHARACTERS

_STEP_BYTES = 1000 * ROW_BYTES
_HUNDRED_ROWS = Struct("64sx" * 100)
_MOST_HELD = 19_600  # with some more, a set's table takes 2 MB
_SHARE_HELD = 4  # of an estimate a part of that is held, since every row held takes its time
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

    Rows are hashes, so their digits are as good as random. Past `most` it holds the rows whose last
    digits, read backwards, are a small enough number: one row in two, four, eight and so on, always
    the least share that leaves a quarter of `most` or less (adaptive sampling, after Wegman). The
    standard error is below sqrt(8 / most), 2.0 %.
    """

    def __init__(self, most: int = _MOST_HELD) -> None:
        self._most = most
        self._held: set[bytes] = set()
        self._halvings = 0

    @property
    def count(self) -> int:
        """The number of different rows so far."""
        return len(self._held) << self._halvings

    @property
    def is_estimate(self) -> bool:
        """True once there were too many to hold each."""
        return self._halvings > 0

    def add(self, rows: bytes) -> None:
        """Take in rows of 64 lower hex digits and LF each."""
        start = 0
        while start < len(rows) and not self._halvings:
            self._held.update(_each(rows[start : start + _STEP_BYTES]))
            start += _STEP_BYTES
            if len(self._held) > self._most:
                self._shrink()
        if start < len(rows):
            self._held.update(_sampled(rows[start:], self._halvings))
            if len(self._held) > self._most // _SHARE_HELD:
                self._shrink()

    def _shrink(self) -> None:
        """Hold one in two, and again, until there is room."""
        while len(self._held) > self._most // _SHARE_HELD:
            self._halvings += 1
            self._held = set(_sampled(b"\n".join(self._held) + b"\n", self._halvings))


def _each(rows: bytes) -> Iterator[bytes]:
    hundreds = len(rows) - len(rows) % _HUNDRED_ROWS.size
    whole = _HUNDRED_ROWS.iter_unpack(memoryview(rows)[:hundreds])
    return chain(chain.from_iterable(whole), rows[hundreds:].split())


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
