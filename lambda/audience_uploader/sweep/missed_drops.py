"""Which drops need a message: those without a receipt in whose group nothing else is alive."""

from collections.abc import Collection, Iterable

from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped
from audience_uploader.domain.rhythm import Rhythm


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
