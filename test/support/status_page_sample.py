"""Made-up audiences and files in every state, always the same ones."""

import math
from collections.abc import Mapping
from typing import Any, cast

from audience_uploader.domain.times import iso
from audience_uploader.sweep.page import render
from audience_uploader.sweep.recent_files import RecentFile
from audience_uploader.sweep.status import DAY, build_status
from audience_uploader.sweep.status_fields import (
    AudienceStatus,
    LastChange,
    Learnt,
    Rejected,
    Seen,
    Waiting,
)

NOW = 1_795_582_920.0  # 25 Nov 2026, 05:02 UTC
_HOUR = 3_600.0
_UNUSABLE = (
    "No row of the file holds a SHA-256 hash. Hash the e-mail addresses, then drop it again."
)
_BAD_KEY = "The key must be tiktok/<audience>/<format>/<file>; copy the file to such a key."


def statuses() -> list[AudienceStatus]:
    """Return one status object for each thing that can be told of an audience."""
    return [
        _status("Loyalty members UK", "ready", 182_400, 210),
        _status("Newsletter readers", "ready", 96_180, 160, waiting=_wait(2, "audience_busy", 3)),
        _status("App users, iOS", "ready", 412_050, 320, calculate_type="IDFA_SHA256"),
        _status("Autumn sale buyers", "ready", 23_410, 45, expires_in=21),
        _status("foodies-custom-audience", "processing", 0, 1, calculate_type="PHONE_SHA256"),
        _status("Store visitors Jakarta", "too_small", 640, 6, calculate_type="PHONE_SHA256"),
        _status("Basket abandoners", "failed", 58_900, 90, refused=_failed()),
        _status("Win-back spring", "not_created", None, 0, waiting=_wait(1, "rate_limited", 1)),
    ]


def files() -> list[RecentFile]:
    """Return what came in during the last nine days."""
    names = [s["audience_name"] for s in statuses()[:5]]
    steady = [
        _file(f"{names[i % 5]}", f"part-{i:04}.csv.gz", 7.0 * i + 2, 1_900 + 613 * i)
        for i in range(30)
    ]
    unhashed = _file("Newsletter readers", "november.csv", 26.0, 0) | {
        "status": "rejected",
        "reason": "no_valid_row",
        "message": _UNUSABLE,
        "outcome": None,
    }
    stray = _file("", "orphan.csv", 51.0, 0) | {
        "key": "tiktok/orphan.csv",
        "audience": None,
        "status": "rejected",
        "reason": "bad_key",
        "message": _BAD_KEY,
        "outcome": None,
    }
    return [*steady, _recent(unhashed), _recent(stray)]


def page() -> str:
    """Return the status page of all of them."""
    return render(statuses(), files(), now=NOW)


def _recent(file: Mapping[str, Any]) -> RecentFile:
    return cast(RecentFile, file)


def _file(audience: str, file: str, hours_ago: float, rows: int) -> RecentFile:
    return {
        "key": f"tiktok/{audience}/email_sha256/{file}",
        "audience": audience,
        "status": "delivered",
        "reason": None,
        "message": None,
        "at": iso(NOW - hours_ago * _HOUR),
        "rows": rows,
        "outcome": "ready" if hours_ago > 48 else "processing",
    }


def _status(
    audience: str,
    state: str,
    size: int | None,
    days: int,
    *,
    calculate_type: str = "EMAIL_SHA256",
    waiting: Waiting | None = None,
    refused: list[Rejected] | None = None,
    expires_in: int | None = None,
) -> AudienceStatus:
    built: AudienceStatus | None = None
    for back in range(days, -1, -1):
        at = NOW - back * DAY
        expires_at = iso(NOW + expires_in * DAY) if expires_in else None
        seen = Seen(_size(size, days - back, days), expires_in is not None, expires_at)
        learnt = Learnt(
            audience,
            state if back < 3 else "ready" if size else state,
            audience_id="7300000000001000003" if size is not None else None,
            calculate_type=calculate_type,
            seen=seen if size is not None else None,
            last_change=_change(state, days) if size is not None else None,
            waiting=waiting,
            rejected=refused or (),
        )
        built = build_status(built, learnt, now=at)
    assert built is not None
    return built


def _size(size: int | None, age: int, days: int) -> int:
    """Grow towards the size in steps of a week, as an audience with a weekly file does."""
    share = (age // 7 * 7 + 4) / (days + 4) if age < days else 1.0
    return round((size or 0) * math.pow(share, 0.6) * (1 - 0.04 * abs(math.sin(age / 9))))


def _change(state: str, days: int) -> LastChange:
    at = iso(NOW - min(days, 2) * DAY - 3 * _HOUR)
    outcome = {"state": state, "size": None, "at": at}
    return {
        "action": "append",
        "at": at,
        "rows": 12_480 + 37 * days,
        "outcome": outcome,
        "request_id": "20261123050200010245242161",
    }


def _wait(drops: int, kind: str, hours: float) -> Waiting:
    return {"drops": drops, "for": kind, "until": iso(NOW + hours * _HOUR)}


def _failed() -> list[Rejected]:
    key = "tiktok/Basket abandoners/email_sha256/2026-11-22.csv"
    message = "TikTok could not process this file. Redrive it (audiencectl redrive)."
    at = iso(NOW - 17 * _HOUR)
    return [{"key": key, "reason": "tiktok_failed", "message": message, "at": at}]
