"""TikTok's answers read into typed values; anything of another shape is a ServerFault.

The same audience looks different in two endpoints: `list` calls its type `audience_type`, `get`
calls it `type`; `create` answers `custom_audience_id`, both others `audience_id` (API v1.3).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from audience_uploader.domain.times import iso
from audience_uploader.tiktok.errors import ServerFault
from audience_uploader.tiktok.models import Answer, Audience, Change, Page, UploadedFile
from audience_uploader.tiktok.redaction import redact

_CUSTOMER_FILE = "Customer File Audience"
_SAME_TYPE = {"MAID_SHA256": "FIRST_SHA256"}  # two spellings of one type


def uploaded_file(answer: Answer) -> UploadedFile:
    """Return what upload answered; raises ServerFault for another shape, as all of these do."""
    return UploadedFile(_text(answer.data, "file_path"), answer.request_id)


def created(answer: Answer) -> Change:
    """Return what create answered."""
    return Change(_text(answer.data, "custom_audience_id"), answer.request_id, answer.partial)


def page(answer: Answer, *, now: float) -> Page:
    """Return what list answered."""
    info = answer.data.get("page_info")
    if not isinstance(info, Mapping):
        raise ServerFault("the answer has no page_info")
    found = [_audience(item, now) for item in _items(answer.data, "list")]
    return Page(found, _whole(info, "total_page"), _whole(info, "total_number"))


def details(answer: Answer, *, now: float) -> list[Audience]:
    """Return what get answered."""
    found = []
    for item in _items(answer.data, "list"):
        told = item.get("audience_details")
        if isinstance(told, Mapping):
            made_by = _made_by(item.get("audience_history"))
            found.append(replace(_audience(told, now), made_by=made_by))
    return found


def _made_by(history: object) -> str | None:
    entries = [e for e in history if isinstance(e, Mapping)] if isinstance(history, list) else []
    made = [e for e in entries if e.get("action") == "create"] or entries
    first = min(made, key=lambda e: str(e.get("opt_time") or ""), default=None)
    editor = first.get("editor") if first else None
    return str(editor) if editor else None


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise ServerFault(f"the answer has no {name}")
    return value


def _whole(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ServerFault(f"the answer has no {name}")
    return value


def _items(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = data.get(name)
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ServerFault(f"the answer has no {name}")
    return value


def _audience(data: Mapping[str, Any], now: float) -> Audience:
    kind = data.get("audience_type") or data.get("type")
    held = str(data.get("calculate_type") or "").upper()
    is_valid = data.get("is_valid") is True
    expires_at = _time(data.get("expired_time"))
    size = data.get("cover_num")
    return Audience(
        audience_id=_text(data, "audience_id"),
        name=str(data.get("name") or ""),
        calculate_type=_SAME_TYPE.get(held, held) or None,
        is_valid=is_valid,
        is_own_file=data.get("is_creator") is True and kind == _CUSTOMER_FILE,
        expired=not is_valid and expires_at is not None and expires_at <= now,
        is_expiring=data.get("is_expiring") is True,
        expires_at=None if expires_at is None else iso(expires_at),
        size=size if isinstance(size, int) and not isinstance(size, bool) else 0,
        error=_error_text(data.get("error_msg")),
    )


def _error_text(value: object) -> str | None:
    """Return TikTok's words about what went wrong, without anything like an identifier."""
    text = str(value).strip() if value else ""
    return redact(text, secret="") or None


def _time(text: object) -> float | None:
    """Return the seconds since the epoch of a time as TikTok writes it, which is in UTC."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
