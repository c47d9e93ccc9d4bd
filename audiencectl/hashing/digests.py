"""Distinct hashes in flat memory: spread over files by their first byte, then told apart in each.

Only SHA-256 digests are ever written. A part holds a 256th of them, so a hundred million take some
tens of megabytes at a time. The order of the list is not kept, which also tells nobody who stood
next to whom.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

_PARTS = 256
_DIGEST_BYTES = 32
_HELD_BYTES = 64 * 1024  # in memory, for each of the 256 parts
_LINES_AT_ONCE = 4096


class DistinctDigests:
    """A growing set of digests whose overflow is kept below `folder`, which need not exist yet."""

    def __init__(self, folder: Path, *, held_bytes: int = _HELD_BYTES) -> None:
        self._folder = folder
        self._held_bytes = held_bytes
        self._held = [bytearray() for _ in range(_PARTS)]
        self._spilled = False

    @property
    def any(self) -> bool:
        """Whether there is one at all."""
        return self._spilled or any(self._held)

    def add(self, digest: bytes) -> None:
        """Add one digest of 32 bytes."""
        part = self._held[digest[0]]
        part += digest
        if len(part) >= self._held_bytes:
            self._spill(digest[0])

    def write(self, target: Path) -> int:
        """Write the distinct hashes, one a line in hex, and return how many there are.

        The file is written under another name and renamed at the end, so it is whole or not there.
        """
        unfinished = self._folder / f"{target.name}.unfinished"
        self._folder.mkdir(parents=True, exist_ok=True)
        count = 0
        with unfinished.open("w", encoding="ascii", newline="\n") as file:
            for lines in self._lines():
                count += len(lines)
                file.write("\n".join(lines) + "\n")
        unfinished.replace(target)
        return count

    def _lines(self) -> Iterator[list[str]]:
        for number in range(_PARTS):
            digests = sorted(self._distinct(number))
            for start in range(0, len(digests), _LINES_AT_ONCE):
                yield [digest.hex() for digest in digests[start : start + _LINES_AT_ONCE]]

    def _distinct(self, number: int) -> set[bytes]:
        path = self._path(number)
        data = (path.read_bytes() if path.exists() else b"") + bytes(self._held[number])
        return {data[start : start + _DIGEST_BYTES] for start in range(0, len(data), _DIGEST_BYTES)}

    def _spill(self, number: int) -> None:
        self._spilled = True
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._path(number).open("ab") as file:
            file.write(self._held[number])
        self._held[number].clear()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:02x}.digests"

    def remove(self) -> None:
        """Remove what was kept aside."""
        shutil.rmtree(self._folder, ignore_errors=True)
