"""What the API says: the envelope, the refusals and their texts (contract, sections 1, 4 and 9)."""

import time
import uuid
from enum import IntEnum
from typing import NamedTuple

Json = dict[str, object]


class Code(IntEnum):
    """The codes that this TikTok answers with by itself (section 9)."""

    OK = 0
    PARTIAL_SUCCESS = 20001
    INVALID = 40002
    NO_PERMISSION = 40001
    APP_RATE_LIMIT = 40100
    TOKEN_MISSING = 40104
    TOKEN_WRONG = 40105
    ADVERTISER_RATE_LIMIT = 40133
    SIGNATURE_WRONG = 40900
    FILE_MISSING = 40905
    FILE_EMPTY = 40906
    FILE_TOO_LARGE = 40907
    FILE_TYPE_WRONG = 40908
    CALCULATE_TYPE_WRONG = 40909
    FILE_EXPIRED = 40910
    FILE_HEADER_BAD = 40914
    FILE_ROW_BAD = 40915


TOKEN_MISSING_TEXT = "Access token is null, you should set it in http header with key Access-Token."
TOKEN_WRONG_TEXT = "Access token is incorrect or has been revoked."
NOT_EDITABLE_TEXT = "Audience is not editable, please check audience status"
REPLACE_TEXT = (
    "This replace operation is rejected as there is an existing unfinished replace operation"
    " for this audience. We advise at most one replace operation per day."
)
FLOOR_TEXT = "The audience would hold fewer than {floor} users after this operation."


class RefusalError(Exception):
    """The API answers with this `code` and `message` (HTTP 200) and changes nothing."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


def new_request_id() -> str:
    """Return a request id that no other answer carries: the time and 18 random characters."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + uuid.uuid4().hex[:18].upper()


class Outcome(NamedTuple):
    """What the API has to say about a call."""

    code: int
    message: str
    data: object

    def envelope(self, request_id: str) -> Json:
        """Return the object that wraps every answer."""
        return {
            "code": self.code,
            "message": self.message,
            "request_id": request_id,
            "data": self.data,
        }
