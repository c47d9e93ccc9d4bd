"""Why something waits, as sentences: from a waiting note, or from an audience's state record."""

from collections.abc import Mapping
from typing import Any

from audiencectl.words import ago, ahead, seconds_of

_WHY = {
    "transient": "TikTok or AWS failed, which is expected to pass",
    "rate_limited": "TikTok's limit of calls is used up",
    "credentials": "TikTok's token or advertiser id is missing or refused: run "
    "`audiencectl credentials check`",
    "audience_busy": "TikTok still processes the last change of this audience, which takes up to "
    "48 hours",
    "create_unanswered": "TikTok's answer to the audience's creation was lost; it is looked up "
    "before anything else is done",
    "unexpected": "the uploader itself failed; its log says where",
    "lease_taken": "another invocation works on this audience",
    "more_to_do": "there is more than one call can carry",
    "unreadable": "the file can't be read: AWS refuses it (its KMS key or its permissions)",
}


def why(kind: object) -> str:
    """Return what a wait of this kind waits for."""
    return _WHY.get(str(kind), str(kind).replace("_", " "))


def of_note(note: Mapping[str, Any], now: float) -> list[str]:
    """Return the sentences of a waiting note."""
    text = str(note.get("why") or f"It waits: {why(note.get('waits_for'))}").rstrip(".")
    since = note.get("waiting_since") or note.get("first_seen_waiting_at")
    again = note.get("next_try_at") or note.get("looked_at_again_at")
    code = f" TikTok's code was {note['code']}." if note.get("code") else ""
    return [f"{text}.{code}", f"It waits since {ago(since, now)}; next try {ahead(again, now)}."]


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
