"""The audience endpoints of TikTok's API for Business v1.3, one method each."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from audience_uploader.tiktok import models
from audience_uploader.tiktok.audience_list import every_audience
from audience_uploader.tiktok.errors import AudienceUnknown, Refused, ServerFault, TikTokError
from audience_uploader.tiktok.models import Answer, Audience, Change, UploadedFile
from audience_uploader.tiktok.multipart import MultipartBody
from audience_uploader.tiktok.retry import SAFE, UNSAFE, RetryPolicy
from audience_uploader.tiktok.transport import LONGEST_UPLOAD_WAIT, TimeLeft, Transport

T = TypeVar("T")

_ROOT = "/open_api/v1.3/dmp/custom_audience/"
_DUPLICATED_REQUEST = 40050
_VALIDATION = 40002


class TikTokClient:
    """Speaks for one advertiser; all methods raise TikTokError and retry only what is safe.

    `observe` hears of every request that was sent, with its error or None.
    """

    def __init__(
        self,
        transport: Transport,
        advertiser_id: str,
        *,
        retry: RetryPolicy,
        time_left: TimeLeft,
        clock: Callable[[], float],
        observe: Callable[[TikTokError | None], None],
    ) -> None:
        self._transport = transport
        self._advertiser_id = advertiser_id
        self._retry = retry
        self._time_left = time_left
        self._clock = clock
        self._observe = observe

    def upload(
        self, path: Path, *, size: int, md5: str, calculate_type: str, time_left: TimeLeft
    ) -> UploadedFile:
        """Send a file of `size` bytes, one identifier a line; no audience changes."""
        fields = {
            "advertiser_id": self._advertiser_id,
            "file_signature": md5,
            "calculate_type": calculate_type,
        }
        body = MultipartBody(
            fields, path, size=size, boundary=secrets.token_hex(16), before_block=time_left
        )
        return self._request(
            "POST",
            "file/upload/",
            models.uploaded_file,
            time_left=time_left,
            longest=LONGEST_UPLOAD_WAIT,
            data=body,
            headers={"Content-Type": body.content_type},
        )

    def create(self, name: str, *, calculate_type: str, file_paths: Sequence[str]) -> Change:
        """Make a new audience of this name; sent once, since TikTok can't tell a repetition.

        After a ServerFault nobody knows whether it acted: look the name up.
        """
        self._transport.close()  # an idle connection may be dead, and this call is sent once
        fields = {
            "custom_audience_name": name,
            "file_paths": list(file_paths),
            "calculate_type": calculate_type,
        }
        try:
            return self._post("create/", models.created, fields, on=UNSAFE)
        except Refused as error:
            if error.code != _DUPLICATED_REQUEST:
                raise
            raise ServerFault(error.message, code=error.code, request_id=error.request_id) from None

    def update(self, audience_id: str, *, action: str, file_paths: Sequence[str]) -> Change:
        """Change an audience by uploaded files; `action` is APPEND, REMOVE or REPLACE.

        It is always sent: the API's default would replace everything.
        """
        fields = {
            "custom_audience_id": audience_id,
            "file_paths": list(file_paths),
            "action": action,
        }

        def changed(answer: Answer) -> Change:
            return Change(audience_id, answer.request_id, answer.partial)

        return self._post("update/", changed, fields, on=SAFE)

    def get_audience(self, audience_id: str) -> Audience | None:
        """Return what TikTok says of one audience; None when it knows none of that id."""
        return self.get_audiences([audience_id]).get(audience_id)

    def get_audiences(self, audience_ids: Sequence[str]) -> dict[str, Audience]:
        """Return what TikTok says of at most 100 audiences, by id; unknown ones are left out."""
        params = {"custom_audience_ids": json.dumps(list(audience_ids))}
        try:
            found = self._get("get/", self._details, params)
        except AudienceUnknown:
            return self._one_is_unknown(audience_ids)
        except Refused as error:
            if error.code != _VALIDATION:
                raise
            return self._one_is_unknown(audience_ids)
        return {a.audience_id: a for a in found if a.audience_id in audience_ids}

    def _one_is_unknown(self, audience_ids: Sequence[str]) -> dict[str, Audience]:
        """Ask again in halves: one unknown id may have TikTok refuse the whole call."""
        if len(audience_ids) < 2:
            return {}
        middle = len(audience_ids) // 2
        first = self.get_audiences(audience_ids[:middle])
        return {**first, **self.get_audiences(audience_ids[middle:])}

    def list_audiences(self) -> list[Audience]:
        """Return every audience that the advertiser sees, its own and shared ones, each once."""
        return every_audience(self._page_numbered)

    def _page_numbered(self, number: int, size: int) -> models.Page:
        params = {"page": str(number), "page_size": str(size)}
        return self._get("list/", self._page, params)

    def _details(self, answer: Answer) -> list[Audience]:
        return models.details(answer, now=self._clock())

    def _page(self, answer: Answer) -> models.Page:
        return models.page(answer, now=self._clock())

    def _get(self, path: str, read: Callable[[Answer], T], params: Mapping[str, str]) -> T:
        params = {"advertiser_id": self._advertiser_id, **params}
        return self._request("GET", path, read, params=params)

    def _post(
        self,
        path: str,
        read: Callable[[Answer], T],
        fields: Mapping[str, Any],
        *,
        on: tuple[type[TikTokError], ...],
    ) -> T:
        fields = {"advertiser_id": self._advertiser_id, **fields}
        return self._request("POST", path, read, on=on, json=fields)

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
