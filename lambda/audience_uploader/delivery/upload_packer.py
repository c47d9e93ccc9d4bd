"""Packs the scrubbed rows of many drops into few uploads, and sends one while the next is written.

There are never more than two upload files on disk, but for those of a drop that is not yet known to
be whole, which wait there for its end. A drop is in the uploads whole or not at all: one that may
not fit into what is left of a file begins a new one, so a file that has to be sent before its drop
is complete holds nothing but that drop.
"""

import itertools
from pathlib import Path
from types import TracebackType
from typing import Self

from audience_uploader.delivery.upload_file import IN_MEMORY, Mark, UploadFile
from audience_uploader.delivery.upload_sender import Send, UploadSender
from audience_uploader.domain.batch import Upload
from audience_uploader.rows import ROW_BYTES

LARGEST_UPLOAD = 240_000_000  # bytes; TikTok takes 250 MB
MOST_UPLOADS = 49  # TikTok recommends fewer than 50 in a call


class DoesNotFit(Exception):
    """A tentative drop has no room to wait for its end; it must be known to be whole first."""


class UploadPacker:
    """The uploads of one call, each of `largest` bytes at most.

    `done` are those already there from an earlier try. Of a tentative drop `held_back` bytes, or
    one upload, may wait on disk.
    """

    def __init__(
        self,
        send: Send,
        directory: Path,
        *,
        done: list[Upload],
        largest: int = LARGEST_UPLOAD,
        held_back: int = 0,
        in_memory: int = IN_MEMORY,
    ) -> None:
        self._directory = directory
        self._largest = largest - largest % ROW_BYTES
        self.held_back = max(held_back, self._largest)
        self._in_memory = in_memory
        self._names = itertools.count(1)
        self._sender = UploadSender(send, done=done)
        self._file: UploadFile | None = None
        self._began: tuple[int, Mark | None] = (0, None)
        self._tentative = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._discard()
        self._sender.shut_down()

    def fits(self, at_most: int) -> bool:
        """Tell whether a drop of so many scrubbed bytes still fits into this call."""
        if self._file and self._file.size + at_most <= self._largest:
            return True
        begun = len(self._sender) + (self._file is not None)
        return begun + -(-at_most // self._largest) <= MOST_UPLOADS

    def begin(self, *, at_most: int, tentative: bool = False) -> None:
        """Begin a drop of at most so many scrubbed bytes.

        A `tentative` one may turn out bad up to its end, so nothing of it is sent before; where
        more would have to wait for that than may, write() raises DoesNotFit.
        """
        if self._file and self._file.size + at_most > self._largest:
            self._seal()
        self._tentative = tentative
        self._began = (len(self._sender), self._file.mark() if self._file else None)

    def write(self, block: bytes) -> None:
        """Take whole lines of the drop that began."""
        view = memoryview(block)
        while view:
            if self._file and self._file.size == self._largest:
                # Not before: a drop that just fits may yet be taken back.
                self._hold(self._file) if self._tentative else self._seal()
            file = self._open()
            room = self._largest - file.size
            file.append(bytes(view[:room]) if room < len(view) else bytes(view))
            view = view[room:]

    def commit(self) -> tuple[int, ...]:
        """End the drop; return the indexes of the uploads that hold it.

        What waited for its end is sent; raises what that raises, and the drop may be taken back.
        """
        first, _ = self._began
        self._sender.send_held()
        return tuple(range(first, len(self._sender) + (self._file is not None)))

    def abandon(self) -> None:
        """Take the drop back: it leaves no row in the uploads."""
        count, mark = self._began
        if len(self._sender) == count and self._file and mark:
            self._file.rewind(mark)
            return
        self._discard()
        self._sender.forget_after(count)

    def sent(self) -> list[Upload]:
        """Return the uploads that TikTok took, up to the first that it did not."""
        return self._sender.sent()

    def close(self) -> list[Upload]:
        """Return all uploads, once TikTok has taken the last; raises what a send raised."""
        if self._file:
            self._seal()
        return self._sender.all_sent()

    def _open(self) -> UploadFile:
        if self._file is None:
            path = self._directory / f"audience-{next(self._names)}.csv"
            self._file = UploadFile(path, in_memory=self._in_memory)
        return self._file

    def _hold(self, file: UploadFile) -> None:
        _, shared = self._began
        waiting = self._sender.held + 1
        call_is_full = len(self._sender) + waiting >= MOST_UPLOADS
        if shared or call_is_full or waiting * self._largest >= self.held_back:
            raise DoesNotFit
        self._file = None
        self._sender.hold(file.finish())

    def _seal(self) -> None:
        file, self._file = self._file, None
        if file:
            self._sender.send(file.finish())

    def _discard(self) -> None:
        if self._file:
            self._file.discard()
            self._file = None
