"""What TikTok answers, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_API_EDITOR = "open_api"


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful envelope; `partial` for code 20001."""

    data: Mapping[str, Any]
    request_id: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience as list or get describes it; `error` and `made_by` are known from get only.

    `size` is the number of matched people. `made_by` is the editor of its first history entry
    (`open_api` where the API made it), None where the history does not say. `expires_at` is an
    ISO time in UTC.
    """

    audience_id: str
    name: str
    calculate_type: str | None
    is_valid: bool
    is_own_file: bool
    expired: bool
    is_expiring: bool = False
    expires_at: str | None = None
    size: int = 0
    error: str | None = None
    made_by: str | None = None

    @property
    def made_by_api(self) -> bool:
        """Tell whether the history says that the API made it, and not a person."""
        return self.made_by == _API_EDITOR


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


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, and how much TikTok says there is in all."""

    audiences: list[Audience]
    total_page: int
    total_number: int
