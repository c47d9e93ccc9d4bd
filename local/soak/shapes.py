"""The shapes that customers' files come in; all hold the same ids, and some hold more than ids."""

import gzip
from collections.abc import Callable, Sequence
from hashlib import sha256

Shape = Callable[[Sequence[str]], bytes]


def hashed(text: str) -> str:
    """Give the SHA-256 of a text as 64 lower-case hex digits."""
    return sha256(text.encode()).hexdigest()


def plain(ids: Sequence[str]) -> bytes:
    """One id a line."""
    return "".join(f"{i}\n" for i in ids).encode()


def upper_crlf(ids: Sequence[str]) -> bytes:
    """What a spreadsheet on Windows writes: BOM, upper case, CRLF, no last line end."""
    return b"\xef\xbb\xbf" + "\r\n".join(i.upper() for i in ids).encode()


def quoted(ids: Sequence[str]) -> bytes:
    """What a query engine writes: a header, every cell in quotes."""
    return ('"sha256"\n' + "".join(f'"{i}"\n' for i in ids)).encode()


def columns(ids: Sequence[str]) -> bytes:
    """A table with two columns beside the ids."""
    rows = (f"{n},{i},DE\n" for n, i in enumerate(ids))
    return ("row,sha256,country\n" + "".join(rows)).encode()


def packed(ids: Sequence[str]) -> bytes:
    """gzip, in two members."""
    half = len(ids) // 2
    return gzip.compress(plain(ids[:half])) + gzip.compress(plain(ids[half:]))


def leaky(ids: Sequence[str]) -> bytes:
    """Raw addresses, raw numbers, blanks and hashes of nothing between the ids: not to be sent."""
    raw = ("ann@example.com", "+12025550123", "", hashed(""), "0" * 32)
    lines = [line for n, i in enumerate(ids) for line in (i, *raw[n % 5 : n % 5 + 1])]
    return plain(lines)


SHAPES: tuple[Shape, ...] = (plain, upper_crlf, quoted, columns, packed, leaky)
