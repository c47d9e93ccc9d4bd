"""What a status object holds, and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict


class LastChange(TypedDict):
    """The last change that TikTok accepted; `outcome` is `{state, size, at}`, or None so far."""

    action: str
    at: str
    rows: int | None
    outcome: Mapping[str, Any] | None
    request_id: str | None


Waiting = TypedDict("Waiting", {"drops": int, "for": str, "until": str | None})


class Rejected(TypedDict):
    """A rejected drop: a stable word, and a sentence that says what to do."""

    key: str
    reason: str
    message: str
    at: str


class AudienceStatus(TypedDict):
    """What `status/<audience>.json` holds; times are ISO 8601 in UTC, sizes matched people."""

    audience_name: str
    audience_id: str | None
    calculate_type: str | None
    state: str
    is_expiring: bool
    since: str
    size: int | None
    what_to_do: str | None
    expires_at: str | None
    checked_at: str
    last_change: LastChange | None
    waiting: Waiting | None
    rejected: list[Rejected]
    history: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What TikTok shows of an audience now."""

    size: int
    is_expiring: bool = False
    expires_at: str | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """All that is known of an audience now; `seen` is None when TikTok was not asked.

    `audience_id` and `calculate_type` are those of the state record or of the drops' keys, and
    None where nothing is known. `rejected` may come in any order and of any age.
    """

    audience_name: str
    state: str
    audience_id: str | None = None
    calculate_type: str | None = None
    seen: Seen | None = None
    last_change: LastChange | None = None
    waiting: Waiting | None = None
    rejected: Sequence[Rejected] = ()
