"""A file of ids as it came: its name, size, MD5 and lines."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

from local.tiktok_simulator.id_lines import Reading, read_plain, read_table
from local.tiktok_simulator.vocabulary import MULTIPLE_TYPES, hex_width

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class IdFile:
    """The part of a request's body from `begin` to `end`, under the name that it came with."""

    name: str
    body: bytes | mmap
    begin: int
    end: int

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.end - self.begin

    @property
    def content(self) -> bytes:
        """All of it."""
        return self.body[self.begin : self.end]

    @property
    def md5(self) -> str:
        """MD5 of its bytes, lower-case hex."""
        with memoryview(self.body)[self.begin : self.end] as content:
            return hashlib.md5(content, usedforsecurity=False).hexdigest()

    def blocks(self, size: int = _BLOCK) -> Iterator[bytes]:
        """Give whole lines, many at a time; the last one may lack its newline."""
        begin = self.begin
        while begin < self.end:
            most = min(begin + size, self.end)
            end = most if most == self.end else self.body.rfind(b"\n", begin, most) + 1
            # A line longer than a block comes whole.
            end = end or self.body.find(b"\n", most, self.end) + 1 or self.end
            yield self.body[begin:end]
            begin = end

    def raw_emails(self) -> int:
        """Count the lines that hold an @, which no hash does."""
        spoilt = (block for block in self.blocks() if b"@" in block)
        return sum(b"@" in line for block in spoilt for line in block.split(b"\n"))

    def reading(self, calculate_type: str) -> Reading:
        """Return what the file is under that id type.

        A MULTIPLE_TYPES file with a bad header or row is a RefusalError (40914, 40915).
        """
        if calculate_type == MULTIPLE_TYPES:
            return read_table(self.blocks())
        return read_plain(self.blocks(), hex_width(calculate_type))
