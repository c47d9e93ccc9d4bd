"""What is remembered about one audience: a small JSON object that a person can read."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from audience_uploader.domain.batch import CREATE, Accepted, Batch, Version
from audience_uploader.domain.open_change import OpenChange
from audience_uploader.domain.state_parts import READERS, Lease, SetMark, Wait, shown
from audience_uploader.domain.times import iso


@dataclass(slots=True)
class AudienceState:
    """Lease and memory of one (advertiser, audience); times in seconds since the epoch.

    `shown_name` is how TikTok shows the name of an audience that we made, `created_at` when TikTok
    took our newest create. `busy_since` is when TikTok first refused to have it edited, with no try
    that went well since; `pending_create` is a create call whose answer was not seen; `accepted` a
    call that TikTok took and whose receipts may not all be written; `reusable_uploads` wait for the
    audience to take them; `timeouts` counts, per drop version, the invocations that were too short
    for it; `take_at_most` is how many drops a try takes since an upload of more did not end in
    time. `resends` are versions that a set wiped out, or may have, and that are not opened again
    yet. `drop_waits` are waits of single drops, by key. `open_change` is the change whose outcome
    is not known, `closed_changes` are known and owe it to their receipts, `last_closed` the newest
    of them. `condition` is why the audience takes no edits at all (`too_small` or `failed`).
    `removed_until` is the time of the newest accepted removal, `last_set` the newest accepted set;
    `removed_before` and `set_before` are what counts again if it fails, and `superseding` says that
    what the set overtook awaits its outcome. `appended_rows` is None where version 0.1.0 appended
    and did not count. `missed_since` is when `get` first left the audience out, and `gone` that it
    did so again an hour later.
    """

    advertiser_id: str
    audience_name: str
    audience_id: str | None = None
    shown_name: str | None = None
    calculate_type: str | None = None
    changed_at: float | None = None
    created_at: float | None = None
    lease: Lease | None = None
    crashes: int = 0
    wait: Wait | None = None
    busy_since: float | None = None
    pending_create: Batch | None = None
    accepted: Accepted | None = None
    reusable_uploads: Batch | None = None
    timeouts: dict[str, int] = field(default_factory=dict)
    take_at_most: int | None = None
    resends: list[Version] = field(default_factory=list)
    drop_waits: dict[str, Wait] = field(default_factory=dict)
    open_change: OpenChange | None = None
    closed_changes: list[OpenChange] = field(default_factory=list)
    last_closed: OpenChange | None = None
    condition: str | None = None
    last_action: str | None = None
    removed_until: float | None = None
    removed_before: float | None = None
    appended_rows: int | None = 0
    last_set: SetMark | None = None
    set_before: SetMark | None = None
    superseding: bool = False
    missed_since: float | None = None
    gone: bool = False

    def waits_for_nothing(self) -> None:
        """Note that a try came to its end."""
        self.wait = self.busy_since = None

    def forget_audience(self) -> None:
        """Note that the remembered audience is not the one of this name any more."""
        self.audience_id = self.shown_name = self.condition = None

    def to_json(self) -> dict[str, Any]:
        """Return the object as stored; a nonce keeps two writes from ever sharing an ETag."""
        stored = {_STORED.get(name, name): getattr(self, name) for name in _names()}
        told = {name: shown(value) for name, value in stored.items()}
        for name in _TIMES:
            told[name] = None if told[name] is None else iso(told[name])
        return {**told, "nonce": uuid.uuid4().hex}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "AudienceState":
        """Return the state that `to_json` wrote down, by this version of the code or another."""
        values = {name: data[_STORED.get(name, name)] for name in _names() if _in(data, name)}
        values.setdefault("appended_rows", None)
        state = cls(**{n: READERS[n](v) if n in READERS else v for n, v in values.items()})
        if state.created_at is None:
            state.created_at = _created_at(state)
        return state


# What version 0.1.0 called these fields; they stay so in the stored object.
_STORED = {"pending_create": "create", "reusable_uploads": "kept", "timeouts": "slow"}
_TIMES = (
    *("changed_at", "created_at", "busy_since"),
    *("removed_until", "removed_before", "missed_since"),
)


def _created_at(state: AudienceState) -> float | None:
    """Return when the audience was made as far as its changes tell, for an older record."""
    changes = (state.open_change, state.last_closed)
    return max((c.at for c in changes if c and c.call == CREATE), default=None)


def _names() -> tuple[str, ...]:
    return AudienceState.__match_args__


def _in(data: dict[str, Any], name: str) -> bool:
    return data.get(_STORED.get(name, name)) is not None
