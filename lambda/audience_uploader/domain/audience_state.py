"""What is remembered about one audience: a small JSON object that a person can read."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from audience_uploader.domain.batch import Accepted, Batch, known
from audience_uploader.domain.open_change import OpenChange
from audience_uploader.domain.times import from_iso, iso


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on the audience, for which drop's message, and until when at the latest."""

    owner: str
    expires_at: float
    drop: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Why the audience, or one drop, waits: `count` waits of this kind came before, in a row.

    `drop` is the key of the drop whose message found the reason, `code` what was answered.
    """

    kind: str
    count: int
    since: float
    not_before: float
    drop: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class SetMark:
    """A set that TikTok accepted: its name, its time (of its oldest object), and its rows.

    `unclear` is of a set before the last: nobody can tell whether it was applied.
    """

    name: str
    at: float
    rows: int
    unclear: bool = False


@dataclass(slots=True)
class AudienceState:
    """Lease and memory of one (advertiser, audience); times in seconds since the epoch.

    `shown_name` is how TikTok shows the name of an audience that we made. `busy_since` is when
    TikTok first refused to have it edited, with no try that went well since; `pending_create` is a
    create call whose answer was not seen; `accepted` a call that TikTok took and whose receipts
    may not all be written; `reusable_uploads` wait for the audience to take them; `timeouts`
    counts, per drop version, the invocations that were too short for it; `take_at_most` is how
    many drops a try takes since an upload of more did not end in time. `drop_waits` are waits of
    single drops, by key. `open_change` is the change whose outcome is not known, `closed_changes`
    are known and owe it to their receipts, `last_closed` the newest of them. `condition` is why
    the audience takes no edits at all (`too_small` or `failed`). `removed_until` is the time of
    the newest accepted removal, `last_set` the newest accepted set; `removed_before` and
    `set_before` are what counts again if it fails, and `superseding` says that what the set
    overtook awaits its outcome. `appended_rows` is None where version 0.1.0 appended and did not
    count. `missed_since` is when `get` first left the audience out, and `gone` that it did so
    again an hour later.
    """

    advertiser_id: str
    audience_name: str
    audience_id: str | None = None
    shown_name: str | None = None
    calculate_type: str | None = None
    changed_at: float | None = None
    lease: Lease | None = None
    crashes: int = 0
    wait: Wait | None = None
    busy_since: float | None = None
    pending_create: Batch | None = None
    accepted: Accepted | None = None
    reusable_uploads: Batch | None = None
    timeouts: dict[str, int] = field(default_factory=dict)
    take_at_most: int | None = None
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
        shown = {name: _shown(value) for name, value in stored.items()}
        for name in ("changed_at", "busy_since", *_REMOVED, "missed_since"):
            shown[name] = None if shown[name] is None else iso(shown[name])
        return {**shown, "nonce": uuid.uuid4().hex}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "AudienceState":
        """Return the state that `to_json` wrote down, by this version of the code or another."""
        values = {name: data[_STORED.get(name, name)] for name in _names() if _in(data, name)}
        values.setdefault("appended_rows", None)
        return cls(**{n: _READERS[n](v) if n in _READERS else v for n, v in values.items()})


# What version 0.1.0 called these fields; they stay so in the stored object.
_STORED = {"pending_create": "create", "reusable_uploads": "kept", "timeouts": "slow"}
_TIMES = ("expires_at", "since", "not_before")
_REMOVED = ("removed_until", "removed_before")


def _names() -> tuple[str, ...]:
    return AudienceState.__match_args__


def _in(data: dict[str, Any], name: str) -> bool:
    return data.get(_STORED.get(name, name)) is not None


def _shown(value: Any) -> Any:
    if isinstance(value, Lease | Wait):
        return {k: iso(v) if k in _TIMES else v for k, v in asdict(value).items()}
    if isinstance(value, Batch | Accepted | OpenChange | SetMark):
        return asdict(value)
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return {k: _shown(v) for k, v in value.items()} if isinstance(value, dict) else value


def _lease(data: dict[str, Any]) -> Lease:
    return Lease(data["owner"], from_iso(data["expires_at"]), data.get("drop", ""))


def _wait(data: dict[str, Any]) -> Wait:
    times = {k: from_iso(data[k]) for k in ("since", "not_before")}
    return Wait(**{**known(Wait, data), **times})


def _change(data: dict[str, Any]) -> OpenChange:
    return OpenChange(**known(OpenChange, data))


def _set_mark(data: dict[str, Any]) -> SetMark:
    return SetMark(**known(SetMark, data))


_READERS: dict[str, Callable[[Any], Any]] = {
    "changed_at": from_iso,
    "busy_since": from_iso,
    "removed_until": from_iso,
    "removed_before": from_iso,
    "missed_since": from_iso,
    "lease": _lease,
    "wait": _wait,
    "pending_create": Batch.from_json,
    "accepted": Accepted.from_json,
    "reusable_uploads": Batch.from_json,
    "drop_waits": lambda waits: {key: _wait(wait) for key, wait in waits.items()},
    "open_change": _change,
    "last_closed": _change,
    "closed_changes": lambda changes: [_change(change) for change in changes],
    "last_set": _set_mark,
    "set_before": _set_mark,
}
