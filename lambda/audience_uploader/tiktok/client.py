"""The audience endpoints of TikTok's API for Business v1.3, one method each."""

import json
from collections.abc import Callable, Sequence

from audience_uploader.tiktok import answers
from audience_uploader.tiktok.advertiser_requests import FileToSend, Requests
from audience_uploader.tiktok.audience_list import every_audience
from audience_uploader.tiktok.errors import AudienceUnknown, Refused, ServerFault
from audience_uploader.tiktok.models import Answer, Audience, Change, Page, UploadedFile
from audience_uploader.tiktok.multipart import Blocks
from audience_uploader.tiktok.retry import SAFE, UNSAFE
from audience_uploader.tiktok.transport import TimeLeft

_DUPLICATED_REQUEST = 40050
_VALIDATION = 40002


class TikTokClient:
    """Speaks for one advertiser; all methods raise TikTokError and retry only what is safe."""

    def __init__(self, requests: Requests, *, clock: Callable[[], float]) -> None:
        self._requests = requests
        self._clock = clock

    def upload(
        self,
        name: str,
        blocks: Blocks,
        *,
        size: int,
        md5: str,
        calculate_type: str,
        time_left: TimeLeft,
    ) -> UploadedFile:
        """Send a file of `size` bytes, one identifier a line; no audience changes."""
        fields = {"file_signature": md5, "calculate_type": calculate_type}
        file = FileToSend(name, blocks, size, time_left)
        return self._requests.post_file("file/upload/", answers.uploaded_file, fields, file)

    def create(self, name: str, *, calculate_type: str, file_paths: Sequence[str]) -> Change:
        """Make a new audience of this name; sent once, since TikTok can't tell a repetition.

        After a ServerFault nobody knows whether it acted: look the name up.
        """
        self._requests.close()  # an idle connection may be dead, and this call is sent once
        fields = {
            "custom_audience_name": name,
            "file_paths": list(file_paths),
            "calculate_type": calculate_type,
        }
        try:
            return self._requests.post("create/", answers.created, fields, on=UNSAFE)
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

        return self._requests.post("update/", changed, fields, on=SAFE)

    def get_audience(self, audience_id: str) -> Audience | None:
        """Return what TikTok says of one audience; None when it knows none of that id."""
        return self.get_audiences([audience_id]).get(audience_id)

    def get_audiences(self, audience_ids: Sequence[str]) -> dict[str, Audience]:
        """Return what TikTok says of at most 100 audiences, by id; unknown ones are left out."""
        params = {"custom_audience_ids": json.dumps(list(audience_ids))}
        try:
            found = self._requests.get("get/", self._details, params)
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

    def _page_numbered(self, number: int, size: int) -> Page:
        params = {"page": str(number), "page_size": str(size)}
        return self._requests.get("list/", self._page, params)

    def _details(self, answer: Answer) -> list[Audience]:
        return answers.details(answer, now=self._clock())

    def _page(self, answer: Answer) -> Page:
        return answers.page(answer, now=self._clock())
