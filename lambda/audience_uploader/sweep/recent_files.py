"""What the page and the status objects say of a receipt."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from audience_uploader.sweep.status_fields import Rejected


class RecentFile(TypedDict):
    """A receipt in short; `at` is the ISO time at which it was written, `rows` the valid ones."""

    key: str
    audience: str | None
    status: str
    reason: str | None
    message: str | None
    at: str
    rows: int | None
    outcome: str | None


def recent_file(receipt: Mapping[str, Any]) -> RecentFile:
    """Return a receipt in short; a field that a receipt of another version lacks is None."""
    rows, outcome = receipt.get("rows"), receipt.get("outcome")
    return {
        "key": str(receipt["drop"]["key"]),
        "audience": receipt.get("audience_name"),
        "status": str(receipt["status"]),
        "reason": receipt.get("reason"),
        "message": receipt.get("message"),
        "at": str(receipt["times"]["written_at"]),
        "rows": rows.get("valid") if isinstance(rows, Mapping) else None,
        "outcome": outcome.get("state") if isinstance(outcome, Mapping) else None,
    }


def rejected_files(files: Iterable[RecentFile]) -> list[Rejected]:
    """Return what a status object says of the rejected ones among these files."""
    return [
        {
            "key": file["key"],
            "reason": file["reason"] or "",
            "message": file["message"] or "",
            "at": file["at"],
        }
        for file in files
        if file["status"] == "rejected"
    ]
