"""Drops that no waiting helps: each must end in the dead-letter queue, once, with its reason."""

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from local.soak.shapes import hashed, plain


@dataclass(frozen=True, slots=True)
class Poison:
    """A kind of bad drop; `key` takes {audience}, {format} and {n}."""

    reason: str
    make: Callable[[int], bytes]
    key: str = "tiktok/{audience}/{format}/poison-{n}.csv"


def _ids(n: int, count: int = 120) -> list[str]:
    return [hashed(f"poison {n} {row}") for row in range(count)]


def _good(n: int) -> bytes:
    return plain(_ids(n))


def _addresses(n: int) -> bytes:
    return "".join(f"person{row}.{n}@example.com\n" for row in range(120)).encode()


def _words(n: int) -> bytes:
    return f"there is nothing in this file, it is number {n}\n".encode() * 5


def _cut_gzip(n: int) -> bytes:
    whole = gzip.compress(_good(n))
    return whole[: len(whole) // 2]


def _spoilt_gzip(n: int) -> bytes:
    whole = bytearray(gzip.compress(_good(n)))
    whole[-6] ^= 0xFF  # in the checksum: all rows were read by the time it shows
    return bytes(whole)


def _zip(n: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ids.csv", _good(n))
    return file.getvalue()


def _parquet(n: int) -> bytes:
    return b"PAR1" + _good(n) + b"PAR1"


def _two_columns(n: int) -> bytes:
    ids = _ids(n, 240)
    return "".join(f"{a},{b}\n" for a, b in zip(ids[::2], ids[1::2], strict=True)).encode()


OTHER_TYPE = "other_id_type"
SEVERAL = "several_audiences"
KINDS: tuple[Poison, ...] = (
    Poison("bad_key", _good, "tiktok/{audience}/poison-{n}.csv"),
    Poison("unknown_format", _good, "tiktok/{audience}/mail_sha256/poison-{n}.csv"),
    Poison("no_valid_rows", _addresses),
    Poison("no_valid_rows", _words),
    Poison("damaged_gzip", _cut_gzip),
    Poison("damaged_gzip", _spoilt_gzip),
    Poison("unsupported_content", _zip),
    Poison("unsupported_content", _parquet),
    Poison("name_too_long", _good, f"tiktok/{'n' * 123}{{n:06}}/{{format}}/poison.csv"),
    Poison("ambiguous_columns", _two_columns),
    Poison(OTHER_TYPE, _good, "tiktok/other type {n}/{format}/poison.csv"),
    Poison(SEVERAL, _good, "tiktok/there twice {n}/{format}/poison.csv"),
)
