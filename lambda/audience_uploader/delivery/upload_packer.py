"""Packs the scrubbed rows of many drops into few uploads, and sends one while the next is written.

There are never more than two upload files on disk. A drop is in the uploads whole or not at all:
one that may not fit into what is left of a file begins a new one, so a file that has to be sent
before its drop is complete holds nothing but that drop.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from audience_uploader.delivery.upload_file import FinishedFile, Mark, UploadFile
from audience_uploader.domain.batch import Upload
from audience_uploader.rows import ROW_BYTES

LARGEST_UPLOAD = 240_000_000  # bytes; TikTok takes 250 MB
MOST_UPLOADS = 49  # TikTok recommends fewer than 50 in a call

Send = Callable[[FinishedFile], Upload]


class DoesNotFit(Exception):
    """A tentative drop does not fit into one upload file; it must be known to be whole first."""


class UploadPacker:
    """The uploads of one call, each of `largest` bytes at most.

    `done` are those already there from an earlier try.
    """

    def __init__(
        self,
        send: Send,
        directory: Path,
        *,
        done: list[Upload],
        largest: int = LARGEST_UPLOAD,
    ) -> None:
        self._send = send
        self._directory = directory
        self.largest = largest - largest % ROW_BYTES
        self._names = itertools.count(1)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upload")
        self._uploads: list[Upload | Future[Upload]] = list(done)
        self._file: UploadFile | None = None
        self._sending: list[Future[Upload]] = []
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
        self._worker.shutdown(wait=True)

    def fits(self, at_most: int) -> bool:
        """Tell whether a drop of so many scrubbed bytes still fits into this call."""
        if self._file and self._file.size + at_most <= self.largest:
            return True
        begun = len(self._uploads) + (self._file is not None)
        return begun + -(-at_most // self.largest) <= MOST_UPLOADS

    def begin(self, *, at_most: int, tentative: bool = False) -> None:
        """Begin a drop of at most so many scrubbed bytes.

        A `tentative` one may turn out bad up to its end, so nothing of it is sent before; if it
        fills its file, write() raises DoesNotFit.
        """
        if self._file and self._file.size + at_most > self.largest:
            self._seal()
        self._tentative = tentative
        self._began = (len(self._uploads), self._file.mark() if self._file else None)

    def write(self, block: bytes) -> None:
        """Take whole lines of the drop that began."""
        view = memoryview(block)
        while view:
            if self._file and self._file.size == self.largest:
                if self._tentative:
                    raise DoesNotFit
                self._seal()  # not before: a drop that just fits may yet be taken back
            file = self._open()
            room = self.largest - file.size
            file.append(bytes(view[:room]) if room < len(view) else bytes(view))
            view = view[room:]

    def commit(self) -> tuple[int, ...]:
        """End the drop; return the indexes of the uploads that hold it."""
        first, _ = self._began
        return tuple(range(first, len(self._uploads) + (self._file is not None)))

    def abandon(self) -> None:
        """Take the drop back: it leaves no row in the uploads."""
        count, mark = self._began
        if len(self._uploads) == count and self._file and mark:
            self._file.rewind(mark)
            return
        self._discard()
        del self._uploads[count:]

    def sent(self) -> list[Upload]:
        """Return the uploads that TikTok took, up to the first that it did not."""
        sent = itertools.takewhile(self._was_sent, self._uploads)
        return [self._settled(u) for u in sent]

    def close(self) -> list[Upload]:
        """Return all uploads, once TikTok has taken the last; raises what a send raised."""
        if self._file:
            self._seal()
        return [self._settled(u) for u in self._uploads]

    def _open(self) -> UploadFile:
        if self._file is None:
            self._file = UploadFile(self._directory / f"audience-{next(self._names)}.csv")
        return self._file

    def _seal(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        finished = file.finish()
        try:
            for upload in self._uploads:
                self._settled(upload)
        except BaseException:
            finished.remove()
            raise
        wait(self._sending)  # one that was abandoned still has its file on disk
        self._sending = [self._worker.submit(self._send_and_remove, finished)]
        self._uploads += self._sending

    def _send_and_remove(self, finished: FinishedFile) -> Upload:
        try:
            return self._send(finished)
        finally:
            finished.remove()

    def _discard(self) -> None:
        if self._file:
            self._file.discard()
            self._file = None

    @staticmethod
    def _was_sent(upload: "Upload | Future[Upload]") -> bool:
        return not isinstance(upload, Future) or upload.exception() is None

    @staticmethod
    def _settled(upload: "Upload | Future[Upload]") -> Upload:
        return upload.result() if isinstance(upload, Future) else upload
