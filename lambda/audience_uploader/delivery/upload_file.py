"""An upload on disk that grows row by row, and its MD5.

The MD5 is taken in the same thread: the function has one CPU, on which another only adds to it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audience_uploader.rows import ROW_BYTES

if TYPE_CHECKING:
    from hashlib import _Hash


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in an upload file to come back to."""

    size: int
    rows: int
    md5: "_Hash"


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A complete upload on disk: bytes, rows, and the MD5 of exactly these bytes in lower hex."""

    path: Path
    size: int
    rows: int
    md5: str

    def remove(self) -> None:
        """Remove the file; it may be gone already."""
        self.path.unlink(missing_ok=True)


class UploadFile:
    """An upload being written at `path`; `size` in bytes and `rows` say how far it has come.

    End it by finish() or discard(): both close the file. OSError, such as for
    a full disk, comes out of append(), mark(), rewind() or finish(); a finish() that fails has
    removed the file, after the others discard() does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.rows = 0
        self._file = path.open("wb")
        self._md5 = hashlib.md5(usedforsecurity=False)

    def append(self, block: bytes) -> None:
        """Add whole rows, as scrub yields them."""
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
        try:
            self._file.close()
        except BaseException:
            self.discard()
            raise
        return FinishedFile(self.path, self.size, self.rows, self._md5.hexdigest())

    def discard(self) -> None:
        """Close and remove the file, in whatever state it is."""
        try:
            self._file.close()
        except OSError:
            pass  # what could not be written is not wanted any more
        finally:
            self.path.unlink(missing_ok=True)
