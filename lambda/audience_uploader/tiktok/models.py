"""TikTok's answers as typed values; anything of another shape is a ServerFault.

The same audience looks different in two endpoints: `list` calls its type `audience_type`, `get`
calls it `type`; `create` answers `custom_audience_id`, both others `audience_id` (API v1.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audience_uploader.tiktok.errors import ServerFault

CUSTOMER_FILE = "Customer File Audience"
_SAME_TYPE = {"MAID_SHA256": "FIRST_SHA256"}  # two spellings of one type


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful envelope; `partial` for code 20001."""

    data: Mapping[str, Any]
    request_id: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience as list or get describes it."""

    audience_id: str
    name: str
    calculate_type: str | None
    is_valid: bool
    is_own_file: bool
    expired: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """What create and update take for an uploaded file."""

    file_path: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """An accepted create or update; accepted is not yet applied."""

    audience_id: str
    request_id: str
    partial: bool


def text(data: Mapping[str, Any], name: str) -> str:
    """A non-empty string of an answer; raises ServerFault for anything else."""
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise ServerFault(f"the answer has no {name}")
    return value


def whole(data: Mapping[str, Any], name: str) -> int:
    """A whole number of an answer; raises ServerFault for anything else."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ServerFault(f"the answer has no {name}")
    return value


def items(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects of an answer; raises ServerFault for anything else."""
    value = data.get(name)
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ServerFault(f"the answer has no {name}")
    return value


def audience(data: Mapping[str, Any], *, now: float) -> Audience:
    """An item of list, or the audience_details of get."""
    kind = data.get("audience_type") or data.get("type")
    calculate_type = data.get("calculate_type")
    is_valid = data.get("is_valid") is True
    return Audience(
        audience_id=text(data, "audience_id"),
        name=text(data, "name"),
        calculate_type=_SAME_TYPE.get(str(calculate_type), calculate_type),
        is_valid=is_valid,
        is_own_file=data.get("is_creator") is True and kind == CUSTOMER_FILE,
        expired=not is_valid and _passed(data.get("expired_time"), now),
        error=data.get("error_msg") or None,
    )


def _passed(time: object, now: float) -> bool:
    try:
        expiry = datetime.strptime(str(time), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return expiry.timestamp() < now
