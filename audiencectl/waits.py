"""Why something waits, as sentences: from a waiting note, or from an audience's state record."""

from collections.abc import Mapping
from typing import Any

from audience_uploader.domain import backoff

from audiencectl.words import ago, ahead, seconds_of

_CHECK = " (`audiencectl credentials check` says which)"


def why(kind: object) -> str:
    """Return what a wait of this kind waits for, as part of a sentence."""
    text = backoff.sentence(str(kind))
    return text + _CHECK if kind == backoff.CREDENTIALS else text


def of_note(note: Mapping[str, Any], now: float) -> list[str]:
    """Return the sentences of a waiting note."""
    since = note.get("waiting_since") or note.get("first_seen_waiting_at")
    again = note.get("next_try_at") or note.get("looked_at_again_at")
    code = f" ({note['code']} was answered)" if note.get("code") else ""
    return [
        f"It waits since {ago(since, now)}: {why(note.get('waits_for'))}{code}.",
        f"Next try: {ahead(again, now)}.",
    ]


def of_record(record: Mapping[str, Any], key: str, now: float) -> list[str]:
    """Return the sentences about what holds a drop, from its audience's record; [] if nothing."""
    told: list[str] = []
    lease, wait = record.get("lease"), (record.get("drop_waits") or {}).get(key)
    if lease and (seconds_of(lease.get("expires_at")) or 0) > now:
        told.append(
            f"The function works on the audience now (its lease ends at the latest "
            f"{ahead(lease['expires_at'], now)})."
        )
    for found, who in ((wait, "This file"), (record.get("wait"), "The audience")):
        if found:
            told.append(
                f"{who} waits since {ago(found.get('since'), now)}: "
                f"{why(found.get('kind'))}. Next try {ahead(found.get('not_before'), now)}."
            )
    return told
