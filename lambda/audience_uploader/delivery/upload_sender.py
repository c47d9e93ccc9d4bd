"""Sends the uploads of one call in the background, one at a time and in order."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import takewhile

from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.domain.batch import Upload

Send = Callable[[FinishedFile], Upload]


class UploadSender:
    """The uploads of one call so far: `done` from an earlier try, and those sent since.

    There is never more than one on its way; what was sent is removed from the disk.
    """

    def __init__(self, send: Send, *, done: Sequence[Upload]) -> None:
        self._send = send
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upload")
        self._uploads: list[Upload | Future[Upload]] = list(done)
        self._sending: list[Future[Upload]] = []

    def __len__(self) -> int:
        return len(self._uploads)

    def send(self, finished: FinishedFile) -> None:
        """Send one more, once TikTok has taken all before; raises what an earlier send raised."""
        try:
            self.all_sent()
        except BaseException:
            finished.remove()
            raise
        wait(self._sending)  # one that was forgotten still has its file on disk
        self._sending = [self._worker.submit(self._send_and_remove, finished)]
        self._uploads += self._sending

    def forget_after(self, count: int) -> None:
        """Forget all uploads but the first `count`; one on its way is still sent."""
        del self._uploads[count:]

    def sent(self) -> list[Upload]:
        """Return the uploads that TikTok took, up to the first that it did not."""
        return [_settled(u) for u in takewhile(_was_sent, self._uploads)]

    def all_sent(self) -> list[Upload]:
        """Return all uploads, once TikTok has taken the last; raises what a send raised."""
        return [_settled(u) for u in self._uploads]

    def shut_down(self) -> None:
        """Wait for the one on its way."""
        self._worker.shutdown(wait=True)

    def _send_and_remove(self, finished: FinishedFile) -> Upload:
        try:
            return self._send(finished)
        finally:
            finished.remove()


def _was_sent(upload: Upload | Future[Upload]) -> bool:
    return not isinstance(upload, Future) or upload.exception() is None


def _settled(upload: Upload | Future[Upload]) -> Upload:
    return upload.result() if isinstance(upload, Future) else upload
