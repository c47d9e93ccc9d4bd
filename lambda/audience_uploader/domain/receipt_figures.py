"""What is logged and counted of a receipt: nothing that names an audience or an identifier."""

from collections.abc import Mapping
from typing import Any


def log_facts(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a log line tells of a receipt; its audience is a digest."""
    rows = receipt["rows"] or {}
    return {
        "audience": receipt["audience_digest"],
        "calculate_type": receipt["calculate_type"],
        "action": receipt["action"],
        "reason": receipt.get("reason"),
        "rows_valid": rows.get("valid"),
        "uploads": len(receipt["uploads"]),
        "tiktok_request_id": receipt.get("request_id"),
        "attempts": receipt["attempts"],
    }


def rows_rejected(receipt: Mapping[str, Any]) -> int:
    """Return how many rows were left out, 0 where none was read."""
    rows = receipt["rows"] or {"rejected": {}}
    return sum(found["count"] for found in rows["rejected"].values())
