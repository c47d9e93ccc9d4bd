"""Sends the uploads of one call in the background, one at a time and in order."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import takewhile

from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.domain.batch import Upload

Send = Callable[[FinishedFile], Upload]


class UploadSender:
    """The uploads of one call so far: `done` from an earlier try, and those sent since.

    There is never more than one on its way; what was sent is removed from the disk. What is held
    stays there until it is sent or forgotten.
    """

    def __init__(self, send: Send, *, done: Sequence[Upload]) -> None:
        self._send = send
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upload")
        self._uploads: list[Upload | Future[Upload]] = list(done)
        self._sending: list[Future[Upload]] = []
        self._held: deque[FinishedFile] = deque()

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

    @property
    def held(self) -> int:
        """The number of uploads that are held."""
        return len(self._held)

    def hold(self, finished: FinishedFile) -> None:
        """Keep one that may have to be taken back."""
        self._held.append(finished)

    def send_held(self) -> None:
        """Send what is held, in order, one after the other; raises as send()."""
        while self._held:
            self.send(self._held.popleft())

    def forget_after(self, count: int) -> None:
        """Forget all uploads but the first `count`, and what is held; one on its way is sent."""
        self._remove_held()
        del self._uploads[count:]

    def sent(self) -> list[Upload]:
        """Return the uploads that TikTok took, up to the first that it did not."""
        return [_settled(u) for u in takewhile(_was_sent, self._uploads)]

    def all_sent(self) -> list[Upload]:
        """Return all uploads, once TikTok has taken the last; raises what a send raised."""
        return [_settled(u) for u in self._uploads]

    def shut_down(self) -> None:
        """Wait for the one on its way, and remove what is held."""
        self._remove_held()
        self._worker.shutdown(wait=True)

    def _remove_held(self) -> None:
        while self._held:
            self._held.popleft().remove()

    def _send_and_remove(self, finished: FinishedFile) -> Upload:
        try:
            return self._send(finished)
        finally:
            finished.remove()


def _was_sent(upload: Upload | Future[Upload]) -> bool:
    return not isinstance(upload, Future) or upload.exception() is None


def _settled(upload: Upload | Future[Upload]) -> Upload:
    return upload.result() if isinstance(upload, Future) else upload
