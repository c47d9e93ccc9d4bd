"""What stands in the drops: ids in two shapes that files come in, and what no waiting helps."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from support.invented import csv


def hashed(text: str) -> str:
    """Give the SHA-256 of a text as 64 lower-case hex digits."""
    return sha256(text.encode()).hexdigest()


def packed_table(ids: Sequence[str]) -> bytes:
    """Give a table in gzip with raw addresses beside the ids; the same bytes at any time."""
    rows = (f"{n}@example.com,{i.upper()}\r\n" for n, i in enumerate(ids))
    return gzip.compress(("email,sha256\r\n" + "".join(rows)).encode(), mtime=0)


SHAPES: tuple[Callable[[Sequence[str]], bytes], ...] = (csv, packed_table)


@dataclass(frozen=True, slots=True)
class Poison:
    """A kind of bad drop; `key` takes {audience}, {format} and {n}."""

    reason: str
    make: Callable[[int], bytes]
    key: str = "tiktok/{audience}/{format}/poison-{n}.csv"


def _good(n: int) -> bytes:
    return csv([hashed(f"poison {n} {row}") for row in range(120)])


def _addresses(n: int) -> bytes:
    return "".join(f"person{row}.{n}@example.com\n" for row in range(120)).encode()


def _spoilt_gzip(n: int) -> bytes:
    whole = bytearray(gzip.compress(_good(n), mtime=0))
    whole[-6] ^= 0xFF  # in the checksum: all rows were read by the time it shows
    return bytes(whole)


POISON: tuple[Poison, ...] = (
    Poison("bad_key", _good, "tiktok/{audience}/poison-{n}.csv"),
    Poison("unknown_format", _good, "tiktok/{audience}/mail_sha256/poison-{n}.csv"),
    Poison("no_valid_rows", _addresses),
    Poison("damaged_gzip", _spoilt_gzip),
    Poison("name_too_long", _good, f"tiktok/{'n' * 123}{{n:06}}/{{format}}/poison.csv"),
)
