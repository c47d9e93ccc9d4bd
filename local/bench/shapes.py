"""The drops that are measured: a few megabytes of each shape, to be read over and over."""

import gzip
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BASE_BYTES = 16_000_000
_ROW_BYTES = 65


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of drop: what `write` puts into a file is read repeatedly, after `top` once.

    `target` is the speed to reach on one CPU, in parts of MD5's own, or 0 where none is set.
    """

    name: str
    line: Callable[[int, str], str]
    target: float = 0.0
    top: bytes = b""
    packed: bool = False

    def write(self, path: Path, *, size: int = BASE_BYTES) -> None:
        """Write about `size` bytes of whole lines of distinct random hashes."""
        lines = (self.line(number, digest) for number, digest in enumerate(_digests(size)))
        text = "".join(lines).encode()
        path.write_bytes(gzip.compress(text, 6, mtime=0) if self.packed else text)


def _digests(size: int) -> Iterator[str]:
    for _ in range(size // _ROW_BYTES):
        yield os.urandom(32).hex()


def _clean(_: int, digest: str) -> str:
    return f"{digest}\n"


def _upper_crlf(_: int, digest: str) -> str:
    return f"{digest.upper()}\r\n"


def _quoted(_: int, digest: str) -> str:
    return f'"{digest}"\n'


def _three_columns(number: int, digest: str) -> str:
    return f"{number * 7},{digest},{'DE' if number % 3 else 'Chile'}\n"


_BAD = ("someone{}@example.com", "+1555{:07}", "{:032x}", "{:063x}", "n/a {}", "")


def _one_bad_in_a_hundred(number: int, digest: str) -> str:
    return _bad(number // 100) if number % 100 == 99 else f"{digest}\n"


def _every_other_bad(number: int, digest: str) -> str:
    return _bad(number // 2) if number % 2 else f"{digest}\n"


def _bad(number: int) -> str:
    return _BAD[number % len(_BAD)].format(number) + "\n"


CLEAN = Shape("clean LF", _clean, 0.30)
SHAPES = (
    CLEAN,
    Shape("CRLF + upper case", _upper_crlf, 0.25),
    Shape("quoted with header", _quoted, 0.25, top=b'"email_sha256"\n'),
    Shape("three columns", _three_columns, 0.18, top=b"id,email_sha256,country\n"),
    Shape("gzip (of the unpacked bytes)", _clean, packed=True),
    Shape("1 % bad lines, evenly spread", _one_bad_in_a_hundred, 0.25),
    Shape("50 % bad lines", _every_other_bad, 0.09),
)

SMALL_ROWS = {1_000: 0.25, 10_000: 0.0, 100_000: 0.0}  # rows of a clean drop -> to reach
ROW_BYTES = _ROW_BYTES
