"""Which drops need a message: those without a receipt in whose group nothing else is alive."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from audience_uploader.delivery.set_rules import SHRINKS
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop, confirmed_set, parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.times import from_iso


def missed(
    drops: Iterable[Drop],
    open_versions: Collection[tuple[str, str]],
    state: AudienceState | None,
    *,
    leased: bool,
    now: float,
    rhythm: Rhythm,
) -> dict[str, Drop]:
    """Return the drop to send a message for, by group; a bad key is a group by itself.

    `leased` tells whether a lease of the audience is in force.
    """
    groups: dict[str, list[Drop]] = {}
    for drop in drops:
        if drop.version in open_versions:
            groups.setdefault(_group(drop), []).append(drop)
    oldest = {
        g: min(found, key=lambda d: (d.modified_at, d.key.key)) for g, found in groups.items()
    }
    return {
        group: oldest[group]
        for group, found in groups.items()
        if now - oldest[group].modified_at >= rhythm.quiet
        and not (oldest[group].key.audience and _is_alive(found, state, leased, now, rhythm))
    }


def confirmations(objects: Iterable[Drop], rejected: Iterable[Mapping[str, Any]]) -> list[Drop]:
    """Return the `_CONFIRMED` objects, as drops, of sets that are refused all the same.

    `rejected` are those of a status object. Nobody was told of such an object then: the message
    that is would have opened its set.
    """
    refused = {
        (_set_of(str(file["key"])), str(file["reason"])): from_iso(str(file["at"]))
        for file in rejected
    }
    found = []
    for drop in objects:
        key = confirmed_set(drop.key.key)
        at = refused.get((_set_of(drop.key.key), SHRINKS))
        if key and at is not None and at <= drop.modified_at:
            found.append(replace(drop, key=key))
    return found


def left_unfinished(
    drops: Iterable[Drop], state: AudienceState | None, *, leased: bool
) -> list[Drop]:
    """Return the accepted drop whose message a function died with, if nobody took over since.

    It may have all its receipts, and the message be lost: nothing else would tell the outcome.
    """
    if state is None or state.lease is None or state.accepted is None or leased:
        return []
    sent = {drop.version for drop in state.accepted.batch.drops}
    return [d for d in drops if d.key.key == state.lease.drop and d.version in sent]


def _set_of(key: str) -> str:
    """Return the part of a key that names its set: tiktok/<audience>/<format>/replace/<set>."""
    return "/".join(key.split("/")[:5])


def is_to_be_swept(key: str) -> bool:
    """Tell whether an object is a drop, or a bad key to be told of; not a marker or a folder."""
    try:
        parse_key(key)
    except Skipped:
        return False
    except DropRefused:
        return True
    return True


def _group(drop: Drop) -> str:
    if not drop.key.audience:
        return drop.key.key
    return f"{drop.key.audience}/{drop.key.calculate_type}"


def _is_alive(
    found: list[Drop], state: AudienceState | None, leased: bool, now: float, rhythm: Rhythm
) -> bool:
    """Tell whether a message of this group is about to come: a lease, or a wait not long over."""
    if state is None:
        return False
    waits = [state.drop_waits.get(drop.key.key) for drop in found]
    longest = backoff.LONGEST_WAIT * rhythm.base
    return leased or any(
        now - rhythm.hour < wait.not_before <= now + longest
        for wait in (state.wait, *waits)
        if wait is not None
    )
