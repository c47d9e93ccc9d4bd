"""The status object of an audience, `status/<audience>.json`: what a person or a program reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from audience_uploader.domain.times import iso
from audience_uploader.sweep.advice import what_to_do
from audience_uploader.sweep.dates import seconds
from audience_uploader.sweep.status_fields import AudienceStatus, Learnt, Rejected, Seen

DAY = 86_400.0
LONGEST_REJECTED = 100
LONGEST_HISTORY = 400
REJECTED_FOR = 30 * DAY


def status_key(audience: str) -> str:
    """Return the key of an audience's status object, with the name as it is in the drop's key."""
    return f"status/{audience}.json"


def build_status(
    previous: Mapping[str, Any] | None, learnt: Learnt, *, now: float
) -> AudienceStatus:
    """Return the new status object: the previous one brought up to date with what was learnt.

    What TikTok was not asked for now (size, expiry) stays as it was, as long as the audience is
    still the same one. Fields that this version does not know are left out.
    """
    before = previous or {}
    seen = learnt.seen or _seen_before(before, learnt)
    expiring = bool(seen and seen.is_expiring)
    expires_at = seen.expires_at if seen else None
    change = learnt.last_change or before.get("last_change")
    return {
        "audience_name": learnt.audience_name,
        "audience_id": learnt.audience_id,
        "calculate_type": learnt.calculate_type or before.get("calculate_type"),
        "state": learnt.state,
        "is_expiring": expiring,
        "since": _since(before, learnt.state, now),
        "size": seen.size if seen else None,
        "what_to_do": what_to_do(learnt.state, expiring, expires_at, _outcome_word(change)),
        "expires_at": expires_at,
        "checked_at": iso(now),
        "last_change": change,
        "waiting": learnt.waiting,
        "rejected": _newest(learnt.rejected, now),
        "history": _history(before.get("history"), learnt.seen, now),
    }


def worth_writing(previous: Mapping[str, Any] | None, new: AudienceStatus, *, now: float) -> bool:
    """Tell whether anything but `checked_at` changed, or the object is a day old."""
    if previous is None or any(
        name not in previous or previous[name] != value
        for name, value in new.items()
        if name != "checked_at"
    ):
        return True
    written = seconds(previous.get("checked_at"))
    return written is None or not 0 <= now - written < DAY


def _seen_before(before: Mapping[str, Any], learnt: Learnt) -> Seen | None:
    size = before.get("size")
    if not isinstance(size, int) or before.get("audience_id") != learnt.audience_id:
        return None
    return Seen(size, bool(before.get("is_expiring")), before.get("expires_at"))


def _since(before: Mapping[str, Any], state: str, now: float) -> str:
    since = before.get("since")
    same = before.get("state") == state and seconds(since) is not None
    return str(since) if same else iso(now)


def _outcome_word(change: Mapping[str, Any] | None) -> str | None:
    outcome = (change or {}).get("outcome")
    return outcome.get("state") if isinstance(outcome, Mapping) else outcome


def _newest(rejected: Sequence[Rejected], now: float) -> list[Rejected]:
    recent = [r for r in rejected if (seconds(r["at"]) or 0.0) > now - REJECTED_FOR]
    recent.sort(key=lambda r: (seconds(r["at"]) or 0.0, r["key"]), reverse=True)
    return recent[:LONGEST_REJECTED]


def _history(before: Any, seen: Seen | None, now: float) -> list[list[Any]]:
    """Return one point a day: the last size of a day, with the time from which it held."""
    points = [list(p) for p in before if _is_point(p)] if isinstance(before, list) else []
    if seen is not None:
        today = points.pop() if points and points[-1][0][:10] == iso(now)[:10] else None
        points.append(today if today and today[1] == seen.size else [iso(now), seen.size])
    return points[-LONGEST_HISTORY:]


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and seconds(point[0]) is not None
        and isinstance(point[1], int)
    )
