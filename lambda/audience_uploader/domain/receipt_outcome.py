"""What a receipt says once TikTok is known to have applied the change, or not."""

from collections.abc import Mapping
from typing import Any

from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.receipt import REJECTED
from audience_uploader.domain.times import iso


def with_outcome(
    receipt: Mapping[str, Any], *, state: str, size: int | None, at: float, advice: str | None
) -> dict[str, Any]:
    """Return a receipt that tells what TikTok made of the change."""
    warnings = [*receipt.get("warnings", []), *([advice] if advice else [])]
    outcome = {"state": state, "size": size, "at": iso(at)}
    return {**receipt, "warnings": warnings, "outcome": outcome}


def failed(
    receipt: Mapping[str, Any], refusal: DeadLetter, *, outcome_at: float, now: float
) -> dict[str, Any]:
    """Return what becomes of a delivered receipt whose change TikTok failed later."""
    told = with_outcome(receipt, state="failed", size=None, at=outcome_at, advice=None)
    return {
        **told,
        "status": REJECTED,
        "reason": refusal.reason,
        "message": refusal.message,
        "times": {**receipt["times"], "written_at": iso(now)},
        "dead_lettered_at": iso(now),
    }
