"""What is remembered about one audience: a small JSON object that a person can read."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from audience_uploader.domain.batch import Accepted, Batch, known
from audience_uploader.domain.times import from_iso, iso


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on the audience, for which drop's message, and until when at the latest."""

    owner: str
    expires_at: float
    drop: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Why the audience waits: `count` is how many waits of this kind came before, in a row.

    `drop` is the key of the drop whose message found the reason.
    """

    kind: str
    count: int
    since: float
    not_before: float
    drop: str


@dataclass(slots=True)
class AudienceState:
    """Lease and memory of one (advertiser, audience); times in seconds since the epoch.

    `busy_since` is when TikTok first refused to have it edited, with no look that went well since;
    `create` is a create call whose answer was not seen; `accepted` a call that TikTok took and
    whose receipts may not all be written; `kept` are uploads that wait for the audience to take
    them; `slow` counts, per drop version, the invocations that were too short for it.
    """

    advertiser_id: str
    audience_name: str
    audience_id: str | None = None
    changed_at: float | None = None
    lease: Lease | None = None
    crashes: int = 0
    wait: Wait | None = None
    busy_since: float | None = None
    create: Batch | None = None
    accepted: Accepted | None = None
    kept: Batch | None = None
    slow: dict[str, int] = field(default_factory=dict)

    def waits_for_nothing(self) -> None:
        """A look came to its end."""
        self.wait = self.busy_since = None

    def to_json(self) -> dict[str, Any]:
        """The object as stored; a nonce keeps two writes from ever sharing an ETag."""
        return {
            "advertiser_id": self.advertiser_id,
            "audience_name": self.audience_name,
            "audience_id": self.audience_id,
            "changed_at": None if self.changed_at is None else iso(self.changed_at),
            "lease": _shown(self.lease),
            "crashes": self.crashes,
            "wait": _shown(self.wait),
            "busy_since": None if self.busy_since is None else iso(self.busy_since),
            "create": self.create and asdict(self.create),
            "accepted": self.accepted and asdict(self.accepted),
            "kept": self.kept and asdict(self.kept),
            "slow": self.slow,
            "nonce": uuid.uuid4().hex,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "AudienceState":
        """The record that `to_json` wrote down, by this version of the code or another."""
        readers: dict[str, Callable[[Any], Any]] = {
            "changed_at": from_iso,
            "busy_since": from_iso,
            "lease": _lease,
            "wait": _wait,
            "create": Batch.from_json,
            "accepted": Accepted.from_json,
            "kept": Batch.from_json,
        }
        read = {n: readers[n](data[n]) for n in readers if data.get(n) is not None}
        plain = {n: v for n, v in known(cls, data).items() if n not in readers}
        return cls(**plain, **read)


_TIMES = ("expires_at", "since", "not_before")


def _shown(part: Lease | Wait | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {k: iso(v) if k in _TIMES else v for k, v in asdict(part).items()}


def _lease(data: dict[str, Any]) -> Lease:
    return Lease(data["owner"], from_iso(data["expires_at"]), data.get("drop", ""))


def _wait(data: dict[str, Any]) -> Wait:
    times = {k: from_iso(data[k]) for k in ("since", "not_before")}
    return Wait(data["kind"], data["count"], drop=data["drop"], **times)
