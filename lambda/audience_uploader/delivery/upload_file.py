"""An upload on disk that grows row by row, with its MD5 computed beside the writing."""

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audience_uploader.rows import ROW_BYTES

if TYPE_CHECKING:
    from hashlib import _Hash

_BATCH_BYTES = 512 * 1024  # handed over at once: a thread is woken seldom
_BATCHES_WAITING = 1  # enough to keep MD5 busy, little enough for flat memory
_INLINE_BYTES = 1_000_000  # up to so many, a thread takes longer to start than MD5 to end


class _Md5Beside:
    """MD5 in a thread of its own: hashlib lets go of the interpreter lock while it works.

    What goes wrong in the thread is raised by the call that next waits for it.
    """

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._inline_left = _INLINE_BYTES
        self._batch: list[bytes] = []
        self._batch_bytes = 0
        self._pending: deque[Future[None]] = deque()
        self._thread: ThreadPoolExecutor | None = None

    def update(self, block: bytes) -> None:
        if not self._batch and not self._pending and self._inline_left >= len(block):
            self._inline_left -= len(block)
            self._md5.update(block)
            return
        self._batch.append(block)
        self._batch_bytes += len(block)
        if self._batch_bytes >= _BATCH_BYTES:
            self._hand_over()

    def finished(self) -> "_Hash":
        """Return a copy of the hash of all that was given."""
        self._hand_over()
        while self._pending:
            self._pending.popleft().result()
        return self._md5.copy()

    def reset(self, md5: "_Hash") -> None:
        self.finished()
        self._md5 = md5.copy()

    def stop(self) -> None:
        if self._thread:
            self._thread.shutdown(wait=True)

    def _hand_over(self) -> None:
        if not self._batch:
            return
        if len(self._pending) == _BATCHES_WAITING:
            self._pending.popleft().result()
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="md5")
        self._pending.append(self._thread.submit(self._take, self._batch))
        self._batch, self._batch_bytes = [], 0

    def _take(self, blocks: list[bytes]) -> None:
        for block in blocks:
            self._md5.update(block)


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

    End it by finish() or discard(): both stop its thread and close the file. OSError, such as for
    a full disk, comes out of append(), mark(), rewind() or finish(); a finish() that fails has
    removed the file, after the others discard() does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.rows = 0
        self._file = path.open("wb")
        self._md5 = _Md5Beside()

    def append(self, block: bytes) -> None:
        """Add whole rows, as scrub yields them."""
        self._file.write(block)
        self._md5.update(block)
        self.size += len(block)
        self.rows += len(block) // ROW_BYTES

    def mark(self) -> Mark:
        """Return the place reached, for rewind()."""
        return Mark(self.size, self.rows, self._md5.finished())

    def rewind(self, mark: Mark) -> None:
        """Take back all that was appended after the mark: bytes, rows and MD5 are as then."""
        self._file.flush()
        self._file.truncate(mark.size)
        self._file.seek(mark.size)
        self._md5.reset(mark.md5)
        self.size, self.rows = mark.size, mark.rows

    def finish(self) -> FinishedFile:
        """Close the file and return it, with its MD5."""
        try:
            md5 = self._md5.finished().hexdigest()
            self._close()
        except BaseException:
            self.discard()
            raise
        return FinishedFile(self.path, self.size, self.rows, md5)

    def discard(self) -> None:
        """Close and remove the file, in whatever state it is."""
        try:
            self._close()
        except OSError:
            pass  # what could not be written is not wanted any more
        finally:
            self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        self._md5.stop()
        self._file.close()
