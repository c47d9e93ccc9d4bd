"""What a receipt says. Its reader is the person who dropped the file."""

from collections.abc import Mapping
from typing import Any

from audience_uploader.domain.batch import CREATE, Accepted, SentDrop
from audience_uploader.domain.drop import Drop, audience_digest
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.domain.times import iso

DELIVERED = "delivered"
REJECTED = "rejected"
USABLE_FROM = 1000  # matched ids; TikTok leaves a smaller audience unusable

_TOO_FEW = (
    "Fewer than 1,000 different ids were sent to a new audience. TikTok needs 1,000 matched "
    "people before it can be used or changed; delete it and start with a larger file."
)
_PARTIAL = "TikTok took the call only in part (code 20001); look at the audience in Ads Manager."
_OTHER_TYPE = (
    "The file's header names another kind of identifier than the format in its key. If the header "
    "is right, TikTok will match nobody: drop the file under the right format and another name."
)
_RAW = "Raw identifiers were seen: hash before you upload; these lines were not sent."


def rows_json(counts: RowCounts) -> dict[str, Any]:
    """Lines read = header + valid + rejected by reason; first line numbers, and no content."""
    rejected = {
        reason: {"count": found.count, "first_lines": list(found.lines)}
        for reason, found in counts.rejected.items()
    }
    about = {"distinct_is_estimate": True} if counts.distinct_is_estimate else {}
    return {
        "read": counts.read,
        "header": counts.header,
        "valid": counts.valid,
        "distinct": counts.distinct,
        **about,
        "rejected": rejected,
        "converted": dict(counts.converted),
    }


def row_warnings(counts: RowCounts) -> tuple[str, ...]:
    """What the person who made the file should know about its rows."""
    return (_RAW,) * counts.raw_identifiers + (_OTHER_TYPE,) * counts.other_type


def delivered(
    drop: SentDrop,
    accepted: Accepted,
    *,
    audience: str,
    attempts: int,
    started_at: float,
    now: float,
) -> dict[str, Any]:
    """The receipt of a drop that TikTok took."""
    batch = accepted.batch
    return {
        "status": DELIVERED,
        **_drop(drop.key, drop.etag, drop.size, audience),
        "audience_id": accepted.audience_id,
        "action": accepted.action,
        "calculate_type": batch.calculate_type,
        "rows": drop.rows,
        "uploads": [_upload(batch.uploads[i]) for i in drop.uploads],
        "request_id": accepted.request_id,
        "times": {
            **_times(drop.dropped_at, started_at, now),
            "accepted_at": iso(accepted.at),
        },
        "attempts": attempts,
        "warnings": [*drop.warnings, *_warnings(accepted)],
    }


def rejected(
    drop: Drop,
    refusal: DeadLetter,
    *,
    rows: Mapping[str, Any] | None,
    attempts: int,
    started_at: float,
    now: float,
) -> dict[str, Any]:
    """The receipt of a refused drop; the last two are filled in when its message goes."""
    return {
        "status": REJECTED,
        **_drop(drop.key.key, drop.etag, drop.size, drop.key.audience),
        "audience_id": None,
        "action": None,
        "calculate_type": drop.key.calculate_type or None,
        "reason": refusal.reason,
        "message": refusal.message,
        "rows": rows,
        "uploads": [],
        "times": _times(drop.modified_at, started_at, now),
        "attempts": attempts,
        "warnings": [],
        "dead_lettered_message": None,
        "dead_lettered_at": None,
    }


def _drop(key: str, etag: str, size: int, audience: str) -> dict[str, Any]:
    return {
        "drop": {"key": key, "etag": etag, "bytes": size},
        "audience_name": audience or None,
        "audience_digest": audience_digest(audience),
    }


def _times(dropped_at: float, started_at: float, now: float) -> dict[str, str]:
    return {
        "dropped_at": iso(dropped_at),
        "started_at": iso(started_at),
        "written_at": iso(now),
    }


def _upload(upload: Any) -> dict[str, Any]:
    return {"bytes": upload.size, "rows": upload.rows, "request_id": upload.request_id}


def _warnings(accepted: Accepted) -> list[str]:
    few = accepted.action == CREATE and accepted.batch.distinct < USABLE_FROM
    return [_TOO_FEW] * few + [_PARTIAL] * accepted.partial
