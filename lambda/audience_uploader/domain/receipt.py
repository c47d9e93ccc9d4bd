"""What a receipt says. Its reader is the person who dropped the file."""

from dataclasses import dataclass
from typing import Any

from audience_uploader.domain.actions import REMOVE
from audience_uploader.domain.audience_names import audience_digest
from audience_uploader.domain.batch import CREATE, UPDATE, Accepted, SentDrop
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.receipt_warnings import call_warnings
from audience_uploader.domain.row_counts import rows_json
from audience_uploader.domain.times import iso

DELIVERED = "delivered"
REJECTED = "rejected"
SUPERSEDED = "superseded"
SKIPPED = "skipped"

_WHY_SKIPPED = {
    "folder": "The object is a folder.",
    "marker": "Its name, or a folder's after the format, begins with _ or a dot, as markers do.",
    "companion": "It is a manifest or metadata that a query engine writes beside its data.",
    "empty": "The object is empty.",
    "no_rows": "The file holds no row: nothing, or only a header.",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a receipt is written, in which receive of its message, and when that began."""

    attempts: int
    started_at: float
    now: float


def delivered(
    drop: SentDrop,
    accepted: Accepted,
    *,
    audience: str,
    stamp: Stamp,
) -> dict[str, Any]:
    """Return the receipt of a drop that TikTok took."""
    batch = accepted.batch
    call = CREATE if accepted.action == CREATE else UPDATE
    return {
        "status": DELIVERED,
        **_drop(drop.key, drop.etag, drop.size, audience),
        "audience_id": accepted.audience_id,
        "action": batch.action,
        "call": call,
        "set": batch.set_name,
        "calculate_type": batch.calculate_type,
        "rows": drop.rows,
        "uploads": [_upload(batch.uploads[i]) for i in drop.uploads],
        "request_id": accepted.request_id,
        "times": {
            **_times(drop.dropped_at, stamp),
            "accepted_at": iso(accepted.at),
        },
        "attempts": stamp.attempts,
        "warnings": [*drop.warnings, *call_warnings(accepted)],
        "superseded_by": None,
        "outcome": None,
    }


def rejected(drop: Drop, refusal: DeadLetter, *, stamp: Stamp) -> dict[str, Any]:
    """Return the receipt of a refused drop, whose dead letter was sent just before."""
    counts = refusal.counts
    return {
        **_plain(drop, REJECTED, stamp=stamp),
        "reason": refusal.reason,
        "message": refusal.message,
        "rows": rows_json(counts) if counts and counts.read else None,
        "dead_lettered_at": iso(stamp.now),
    }


def skipped(drop: Drop, reason: str, *, stamp: Stamp) -> dict[str, Any]:
    """Return the receipt of an object that is no drop, or holds no row."""
    return {
        **_plain(drop, SKIPPED, stamp=stamp),
        "reason": reason,
        "message": f"{_WHY_SKIPPED.get(reason, reason)} Nothing was sent, and nothing is to do.",
    }


def superseded(drop: Drop, by: str, *, stamp: Stamp) -> dict[str, Any]:
    """Return the receipt of a drop that a newer set, named `by`, made pointless."""
    return {
        **_plain(drop, SUPERSEDED, stamp=stamp),
        "superseded_by": by,
    }


def nothing_to_take_out(drop: Drop, *, stamp: Stamp) -> dict[str, Any]:
    """Return the receipt of a removal for which there was no audience."""
    text = "TikTok has no audience of this name, so there was nobody to take out."
    return {
        **_plain(drop, DELIVERED, stamp=stamp),
        "action": REMOVE,
        "warnings": [text],
    }


def _plain(drop: Drop, status: str, *, stamp: Stamp) -> dict[str, Any]:
    return {
        "status": status,
        **_drop(drop.key.key, drop.etag, drop.size, drop.key.audience),
        "audience_id": None,
        "action": drop.key.action if drop.key.audience else None,
        "call": None,
        "set": drop.key.set_name,
        "calculate_type": drop.key.calculate_type or None,
        "rows": None,
        "uploads": [],
        "request_id": None,
        "times": _times(drop.modified_at, stamp),
        "attempts": stamp.attempts,
        "warnings": [],
        "superseded_by": None,
        "outcome": None,
    }


def _drop(key: str, etag: str, size: int, audience: str) -> dict[str, Any]:
    return {
        "drop": {"key": key, "etag": etag, "bytes": size},
        "audience_name": audience or None,
        "audience_digest": audience_digest(audience),
    }


def _times(dropped_at: float, stamp: Stamp) -> dict[str, str]:
    return {
        "dropped_at": iso(dropped_at),
        "started_at": iso(stamp.started_at),
        "written_at": iso(stamp.now),
    }


def _upload(upload: Any) -> dict[str, Any]:
    return {"bytes": upload.size, "rows": upload.rows, "request_id": upload.request_id}
