"""What stands in the drops: ids in the shapes that files come in, and what no waiting helps."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256


def hashed(text: str) -> str:
    """Give the SHA-256 of a text as 64 lower-case hex digits."""
    return sha256(text.encode()).hexdigest()


def plain(ids: Sequence[str]) -> bytes:
    """One id a line."""
    return "".join(f"{i}\n" for i in ids).encode()


def upper_crlf(ids: Sequence[str]) -> bytes:
    """Return what a spreadsheet on Windows writes: BOM, upper case, CRLF, no last line end."""
    return b"\xef\xbb\xbf" + "\r\n".join(i.upper() for i in ids).encode()


def columns(ids: Sequence[str]) -> bytes:
    """Return a table with two columns beside the ids, every cell in quotes."""
    rows = (f'"{n}","{i}","DE"\n' for n, i in enumerate(ids))
    return ('"row","sha256","country"\n' + "".join(rows)).encode()


def packed(ids: Sequence[str]) -> bytes:
    """Gzip; the same ids give the same bytes at any time."""
    return gzip.compress(plain(ids), mtime=0)


def leaky(ids: Sequence[str]) -> bytes:
    """Raw addresses, raw numbers, blanks and hashes of nothing between the ids: not to be sent."""
    raw = ("ann@example.com", "+12025550123", "", hashed(""), "0" * 32)
    lines = [line for n, i in enumerate(ids) for line in (i, *raw[n % 5 : n % 5 + 1])]
    return plain(lines)


SHAPES: tuple[Callable[[Sequence[str]], bytes], ...] = (plain, upper_crlf, columns, packed, leaky)


@dataclass(frozen=True, slots=True)
class Poison:
    """A kind of bad drop; `key` takes {audience}, {format} and {n}."""

    reason: str
    make: Callable[[int], bytes]
    key: str = "tiktok/{audience}/{format}/poison-{n}.csv"


def _good(n: int) -> bytes:
    return plain([hashed(f"poison {n} {row}") for row in range(120)])


def _addresses(n: int) -> bytes:
    return "".join(f"person{row}.{n}@example.com\n" for row in range(120)).encode()


def _spoilt_gzip(n: int) -> bytes:
    whole = bytearray(gzip.compress(_good(n), mtime=0))
    whole[-6] ^= 0xFF  # in the checksum: all rows were read by the time it shows
    return bytes(whole)


def _archive(n: int) -> bytes:
    return b"PK\x03\x04" + _good(n)


OTHER_TYPE = "other_id_type"
SEVERAL = "several_audiences"
POISON: tuple[Poison, ...] = (
    Poison("bad_key", _good, "tiktok/{audience}/poison-{n}.csv"),
    Poison("unknown_format", _good, "tiktok/{audience}/mail_sha256/poison-{n}.csv"),
    Poison("no_valid_rows", _addresses),
    Poison("damaged_gzip", _spoilt_gzip),
    Poison("unsupported_content", _archive),
    Poison("name_too_long", _good, f"tiktok/{'n' * 123}{{n:06}}/{{format}}/poison.csv"),
    Poison(OTHER_TYPE, _good, "tiktok/other type {n}/{format}/poison.csv"),
    Poison(SEVERAL, _good, "tiktok/there twice {n}/{format}/poison.csv"),
)
