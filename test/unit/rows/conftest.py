"""What the tests of rows share: identifiers, and scrubbing in one call."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from audience_uploader.rows import RowCounts, scrub


@dataclass(frozen=True)
class Scrubbed:
    """What left, and the figures: `rejected` is reason -> (count, first line numbers)."""

    sent: bytes
    read: int
    valid: int
    header: int
    rejected: dict[str, tuple[int, list[int]]]
    raw_identifiers: bool


Scrub = Callable[..., Scrubbed]


def scrubbed(content: bytes | Iterable[bytes], kind: str = "EMAIL_SHA256", **how: int) -> Scrubbed:
    counts = RowCounts()
    blocks = [content] if isinstance(content, bytes) else content
    sent = b"".join(scrub(blocks, kind, counts, **how))
    rejected = {reason: (r.count, r.lines) for reason, r in counts.rejected.items()}
    return Scrubbed(
        sent, counts.read, counts.valid, counts.header, rejected, counts.raw_identifiers
    )


@pytest.fixture(name="scrubbed")
def scrubbed_fixture() -> Scrub:
    return scrubbed


@pytest.fixture
def digests() -> list[str]:
    return [hashlib.sha256(b"person %d" % number).hexdigest() for number in range(8)]
