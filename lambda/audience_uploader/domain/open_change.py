"""A change that TikTok accepted and may not have applied yet, and what can be told of it.

`code 0` means accepted. What came of it is seen later in `get`: docs/decisions/0008 has the
table that `judge` follows. An entry in the audience's history proves nothing: the accept itself
adds one.
"""

from dataclasses import dataclass

from audience_uploader.domain.backoff import PROCESSED_AFTER
from audience_uploader.domain.batch import CREATE

READY = "ready"
UNCLEAR = "unclear"
PROCESSING = "processing"
TOO_SMALL = "too_small"
FAILED = "failed"
GONE = "gone"
EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class OpenChange:
    """One accepted call: what it asked, and what the audience was like before it.

    `drops_at` is the key of the object that lists its drops. `outcome` is None until known.
    """

    action: str
    call: str
    at: float
    request_id: str
    audience_id: str
    rows: int
    was_valid: bool
    error_before: str | None
    drops_at: str
    set_name: str | None = None
    outcome: str | None = None
    size: int | None = None
    outcome_at: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What `get` shows of the audience of a change."""

    is_valid: bool
    error: str | None
    expired: bool


def judge(change: OpenChange, seen: Seen, *, now: float) -> str:
    """Return the outcome of a change: `processing` while nobody can tell."""
    if seen.expired:
        return EXPIRED
    if seen.error and seen.error != change.error_before:
        return FAILED
    processed = now >= change.at + PROCESSED_AFTER
    if change.call == CREATE and not change.was_valid:
        return _of_create(seen, processed=processed)
    if not (seen.is_valid and processed):
        return PROCESSING
    return after_next_accept(seen.error)


def after_next_accept(error: str | None) -> str:
    """Return the outcome of a change once TikTok took the next one, or had all its time.

    An error text that was there before may be that of a second failure in the same words.
    """
    return UNCLEAR if error else READY


def _of_create(seen: Seen, *, processed: bool) -> str:
    if seen.is_valid:
        return READY
    return TOO_SMALL if processed else PROCESSING
