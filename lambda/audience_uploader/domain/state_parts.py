"""The parts of an audience's state, and how each is read from JSON and shown in it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from audience_uploader.domain.batch import Accepted, Batch, known
from audience_uploader.domain.open_change import OpenChange
from audience_uploader.domain.times import from_iso, iso

_TIMES = ("expires_at", "since", "not_before")


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


def shown(value: Any) -> Any:
    """Return a field of the state as it is stored."""
    if isinstance(value, Lease | Wait):
        return {k: iso(v) if k in _TIMES else v for k, v in asdict(value).items()}
    if isinstance(value, Batch | Accepted | OpenChange | SetMark):
        return asdict(value)
    if isinstance(value, list):
        return [shown(item) for item in value]
    return {k: shown(v) for k, v in value.items()} if isinstance(value, dict) else value


def _lease(data: dict[str, Any]) -> Lease:
    return Lease(data["owner"], from_iso(data["expires_at"]), data.get("drop", ""))


def _wait(data: dict[str, Any]) -> Wait:
    times = {k: from_iso(data[k]) for k in ("since", "not_before")}
    return Wait(**{**known(Wait, data), **times})


def _change(data: dict[str, Any]) -> OpenChange:
    return OpenChange(**known(OpenChange, data))


def _set_mark(data: dict[str, Any]) -> SetMark:
    return SetMark(**known(SetMark, data))


READERS: dict[str, Callable[[Any], Any]] = {
    "changed_at": from_iso,
    "created_at": from_iso,
    "busy_since": from_iso,
    "removed_until": from_iso,
    "removed_before": from_iso,
    "missed_since": from_iso,
    "lease": _lease,
    "wait": _wait,
    "pending_create": Batch.from_json,
    "accepted": Accepted.from_json,
    "reusable_uploads": Batch.from_json,
    "resends": lambda versions: [(key, etag) for key, etag in versions],
    "drop_waits": lambda waits: {key: _wait(wait) for key, wait in waits.items()},
    "open_change": _change,
    "last_closed": _change,
    "closed_changes": lambda changes: [_change(change) for change in changes],
    "last_set": _set_mark,
    "set_before": _set_mark,
}
