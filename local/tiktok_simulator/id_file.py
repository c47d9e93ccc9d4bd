"""A file of ids as it streams in: size, MD5 and ids, in memory that grows only with the ids."""

import hashlib

from local.tiktok_simulator.id_lines import Leaks, PlainLines, Reading, TableLines, header_columns
from local.tiktok_simulator.vocabulary import MULTIPLE_TYPES, hex_width

_LONGEST_LINE = 65_536


class IdFile:
    """Reads a file block by block, before its id type is known: form fields come in any order.

    `size` is in bytes; `content` holds all of them only when `keep` is set.
    """

    def __init__(self, name: str, *, keep: bool = False) -> None:
        self.name = name
        self.keep = keep
        self.size = 0
        self.content = bytearray()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._tail = b""
        self._plain = PlainLines()
        self._table: TableLines | None = None
        self._begun = False

    def feed(self, block: bytes) -> None:
        """Take the next bytes of the file."""
        self.size += len(block)
        self._md5.update(block)
        if self.keep:
            self.content += block
        cut = block.rfind(b"\n") + 1
        if not cut:
            self._tail = (self._tail + block)[:_LONGEST_LINE]
            return
        self._read(self._tail + block[:cut])
        self._tail = block[cut:]

    def _read(self, lines: bytes) -> None:
        self._plain.feed(lines)
        if self._table:
            self._table.feed(lines)
        elif not self._begun:
            self._begin(lines)

    def _begin(self, lines: bytes) -> None:
        self._begun = True
        header, _, rest = lines.partition(b"\n")
        if header_columns(header):
            self._table = TableLines(header)
            if rest:
                self._table.feed(rest)

    @property
    def md5(self) -> str:
        """MD5 of all bytes so far, lower-case hex."""
        return self._md5.hexdigest()

    def leaks(self) -> Leaks:
        """Return the lines that were no id of any type, once all has been fed."""
        self._flush()
        return self._plain.leaks

    def _flush(self) -> None:
        if self._tail:
            self._read(self._tail)
            self._tail = b""

    def reading(self, calculate_type: str) -> Reading:
        """Return what the file is under that id type; may be asked for once, when all has been fed.

        A MULTIPLE_TYPES file with a bad header or row is a RefusalError (40914, 40915).
        """
        self._flush()
        if calculate_type == MULTIPLE_TYPES:
            return (self._table or TableLines(b"")).reading()
        return self._plain.reading(hex_width(calculate_type))
