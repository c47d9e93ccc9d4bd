"""An upload that grows row by row, on disk unless it is small, and its MD5.

The MD5 is taken in the same thread: the function has one CPU, on which another only adds to it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audience_uploader.rows import ROW_BYTES

if TYPE_CHECKING:
    from hashlib import _Hash

IN_MEMORY = 256 * 1024  # bytes up to which an upload needs no file
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in an upload file to come back to."""

    size: int
    rows: int
    md5: "_Hash"


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A complete upload: bytes, rows, and the MD5 of exactly these bytes in lower hex.

    It is at `path`, or where it is small, its `content` is at hand.
    """

    path: Path
    size: int
    rows: int
    md5: str
    content: bytes | None = field(default=None, repr=False)

    def blocks(self) -> Iterator[bytes]:
        """Yield its bytes, as often as they are asked for, in blocks of 1 MiB at most."""
        if self.content is not None:
            yield self.content
            return
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block

    def remove(self) -> None:
        """Remove the file; it may be gone already, or never have been there."""
        self.path.unlink(missing_ok=True)


class UploadFile:
    """An upload being written, at `path` once it has more than `in_memory` bytes.

    `size` in bytes and `rows` say how far it has come. End it by finish() or discard(): both close
    the file. OSError, such as for a full disk, comes out of append(), mark(), rewind() or finish();
    a finish() that fails has removed the file, after the others discard() does.
    """

    def __init__(self, path: Path, *, in_memory: int = IN_MEMORY) -> None:
        self.path = path
        self.size = 0
        self.rows = 0
        self._in_memory = in_memory
        self._file: BinaryIO = BytesIO()
        self._md5 = hashlib.md5(usedforsecurity=False)

    def append(self, block: bytes) -> None:
        """Add whole rows, as scrub yields them."""
        if isinstance(self._file, BytesIO) and self.size + len(block) > self._in_memory:
            small, self._file = self._file, self.path.open("wb")
            self._file.write(small.getbuffer())
        self._file.write(block)
        self._md5.update(block)
        self.size += len(block)
        self.rows += len(block) // ROW_BYTES

    def mark(self) -> Mark:
        """Return the place reached, for rewind()."""
        return Mark(self.size, self.rows, self._md5.copy())

    def rewind(self, mark: Mark) -> None:
        """Take back all that was appended after the mark: bytes, rows and MD5 are as then."""
        self._file.flush()
        self._file.truncate(mark.size)
        self._file.seek(mark.size)
        self._md5 = mark.md5.copy()
        self.size, self.rows = mark.size, mark.rows

    def finish(self) -> FinishedFile:
        """Close the file and return it, with its MD5."""
        content = self._file.getvalue() if isinstance(self._file, BytesIO) else None
        try:
            self._file.close()
        except BaseException:
            self.discard()
            raise
        return FinishedFile(self.path, self.size, self.rows, self._md5.hexdigest(), content)

    def discard(self) -> None:
        """Close and remove the file, in whatever state it is."""
        try:
            self._file.close()
        except OSError:
            pass  # what could not be written is not wanted any more
        finally:
            self.path.unlink(missing_ok=True)
