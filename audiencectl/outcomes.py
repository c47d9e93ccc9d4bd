"""A receipt, as sentences: what became of a drop, and what TikTok made of it."""

from collections.abc import Mapping
from typing import Any

from audiencectl.words import ago, counted, lines_of

Receipt = Mapping[str, Any]

_OUTCOMES = {
    "ready": "TikTok has processed it: the audience is ready, with {size} matched people",
    "unclear": "TikTok has most likely processed it, but an older error text still stands: look at "
    "the audience in Ads Manager",
    "processing": "TikTok still processes it, which takes up to 48 hours",
    "too_small": "TikTok matched fewer than 1,000 people, so the audience can't be used: delete it "
    "in Ads Manager and start with a larger file",
    "failed": "TikTok failed to process it: look at the audience in Ads Manager, then redrive",
    "gone": "the audience is not at TikTok any more",
    "expired": "the audience has expired at TikTok",
}
_DONE = {
    "append": "added to",
    "create": "added to",
    "remove": "taken out of",
    "replace": "made the whole of",
}


def sentence(receipt: Receipt) -> str:
    """Return the receipt in one sentence."""
    name, status = receipt.get("audience_name"), receipt.get("status")
    if status == "delivered":
        rows = (receipt.get("rows") or {}).get("valid")
        done = _DONE.get(str(receipt.get("action")), "sent to")
        what = counted(rows, "id") if isinstance(rows, int) else "It"
        known = f" (TikTok's id {receipt['audience_id']})" if receipt.get("audience_id") else ""
        return f"Delivered: {what} {done} the audience {name}{known}."
    if status == "rejected":
        return f"Rejected ({receipt.get('reason')}): {receipt.get('message')}"
    if status == "superseded":
        by = receipt.get("superseded_by")
        return (
            f"Superseded: the newer set {by} stands in its place."
            if by
            else "Superseded by a newer set."
        )
    if status == "skipped":
        return f"Skipped ({receipt.get('reason')}): {receipt.get('message') or 'it holds no row.'}"
    return f"Its receipt says: {status}."


def outcome_sentence(receipt: Receipt) -> str:
    """Return what TikTok made of a delivered drop, in one sentence."""
    outcome = receipt.get("outcome")
    if not isinstance(outcome, Mapping):
        return "What TikTok made of it is not known yet; that takes up to 48 hours."
    size = outcome.get("size")
    text = _OUTCOMES.get(str(outcome.get("state")), f"TikTok: {outcome.get('state')}")
    shown = text.format(size=f"{size:,}" if isinstance(size, int) else "an unknown number of")
    return f"{shown[0].upper()}{shown[1:]}."


def details(receipt: Receipt, now: float) -> list[str]:
    """Return what else a receipt tells: when, what was left out, warnings."""
    times = receipt.get("times") or {}
    at = times.get("accepted_at") or times.get("written_at")
    told = [f"That was at {ago(at, now)}."] if at else []
    rejected = (receipt.get("rows") or {}).get("rejected") or {}
    told += [f"Left out, {reason}: {lines_of(found)}." for reason, found in rejected.items()]
    told += [str(warning) for warning in receipt.get("warnings") or ()]
    if receipt.get("status") == "delivered":
        told.append(outcome_sentence(receipt))
    return told
