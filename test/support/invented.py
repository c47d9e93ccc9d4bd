"""Invented identifiers for tests and demos: hashes of nobody."""

import hashlib
from collections.abc import Iterable


def ids(word: str, count: int) -> list[str]:
    """Give `count` sorted identifiers: the same for the same word, others for another word."""
    return sorted(
        hashlib.sha256(f"{word} {number}".encode()).hexdigest() for number in range(count)
    )


def csv(lines: Iterable[str]) -> bytes:
    """Give the content of a drop with these lines."""
    return "".join(f"{line}\n" for line in lines).encode()
