"""Requests that speak for one advertiser, each tried again as far as that is safe."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from audience_uploader.tiktok.errors import TikTokError
from audience_uploader.tiktok.models import Answer
from audience_uploader.tiktok.multipart import Blocks, MultipartBody
from audience_uploader.tiktok.retry import SAFE, RetryPolicy
from audience_uploader.tiktok.transport import LONGEST_UPLOAD_WAIT, TimeLeft, Transport

T = TypeVar("T")

_ROOT = "/open_api/v1.3/dmp/custom_audience/"


class FileToSend(NamedTuple):
    """A file's name, its blocks, its bytes, and the seconds left, asked before each block."""

    name: str
    blocks: Blocks
    size: int
    time_left: TimeLeft


class Requests:
    """Sends requests below `/dmp/custom_audience/` and reads what is answered.

    All raise TikTokError; `observe` hears of every request that was sent, with its error or None.
    """

    def __init__(
        self,
        transport: Transport,
        advertiser_id: str,
        *,
        retry: RetryPolicy,
        time_left: TimeLeft,
        observe: Callable[[TikTokError | None], None],
    ) -> None:
        self._transport = transport
        self._advertiser = {"advertiser_id": advertiser_id}
        self._retry = retry
        self._time_left = time_left
        self._observe = observe

    def close(self) -> None:
        """Have the next request open a connection of its own."""
        self._transport.close()

    def get(self, path: str, read: Callable[[Answer], T], params: Mapping[str, str]) -> T:
        """Ask, as often as may be, and return what `read` makes of the answer."""
        return self._request("GET", path, read, params={**self._advertiser, **params})

    def post(
        self,
        path: str,
        read: Callable[[Answer], T],
        fields: Mapping[str, Any],
        *,
        on: tuple[type[TikTokError], ...],
    ) -> T:
        """Send fields as JSON, again only after the errors in `on`."""
        return self._request("POST", path, read, on=on, json={**self._advertiser, **fields})

    def post_file(
        self, path: str, read: Callable[[Answer], T], fields: Mapping[str, str], file: FileToSend
    ) -> T:
        """Send fields and a file as a form; the wait for the answer is bounded by the time left."""
        body = MultipartBody(
            {**self._advertiser, **fields},
            file.name,
            file.blocks,
            size=file.size,
            boundary=secrets.token_hex(16),
            before_block=file.time_left,
        )
        return self._request(
            "POST",
            path,
            read,
            time_left=file.time_left,
            longest=LONGEST_UPLOAD_WAIT,
            data=body,
            headers={"Content-Type": body.content_type},
        )

    def _request(
        self,
        method: str,
        path: str,
        read: Callable[[Answer], T],
        *,
        on: tuple[type[TikTokError], ...] = SAFE,
        time_left: TimeLeft | None = None,
        **request: Any,
    ) -> T:
        may_have_acted = False

        def once() -> T:
            nonlocal may_have_acted
            left = time_left or self._time_left
            try:
                answer = self._transport.exchange(method, _ROOT + path, time_left=left, **request)
                result = read(answer)
            except TikTokError as error:
                may_have_acted = may_have_acted or error.may_have_acted
                error.may_have_acted = may_have_acted
                self._observe(error)
                raise
            self._observe(None)
            return result

        return self._retry.run(once, on=on)
