"""What a person may want to know while a drop waits."""

from typing import Any

from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, version_key
from audience_uploader.domain.outcomes import RetryLater
from audience_uploader.domain.row_counts import RowCounts, rows_json
from audience_uploader.domain.times import iso


def waiting_note_key(version: tuple[str, str]) -> str:
    """Return where the waiting note of a drop version is: `state/waiting/<drop key>/<etag>.json`.

    No advertiser id is a word, so it can't meet an audience's record.
    """
    return version_key("state/waiting", version)


def waiting_note(
    drop: Drop, outcome: RetryLater, *, rows: Any, first_seen: str | None, now: float
) -> dict[str, Any]:
    """Return the note: why the drop waits, since when, what was answered, and the next try."""
    first = first_seen or iso(now)
    since = iso(outcome.since) if outcome.since else first
    next_try = iso(now + outcome.delay)
    answered = f" ({outcome.code} was answered)" if outcome.code else ""
    detail = f" ({outcome.detail})" if outcome.detail else ""
    return {
        "status": "waiting",
        "waits_for": outcome.kind,
        "why": f"The file waits because {backoff.sentence(outcome.kind)}{detail}{answered}. "
        f"It has waited for this since {since}; the next try is at {next_try}.",
        "waiting_since": since,
        "code": outcome.code,
        "next_try_at": next_try,
        "drop": {"key": drop.key.key, "etag": drop.etag, "bytes": drop.size},
        "audience_name": drop.key.audience,
        "rows": rows_json(rows) if isinstance(rows, RowCounts) else rows,
        "first_seen_waiting_at": first,
        "looked_at_again_at": next_try,  # as version 0.1.0 called it
    }
