"""The audience's state in S3, and its lease: one writer per (advertiser, audience).

The lease outlives every holder, so an expired one means that its holder died.
"""

import uuid
from typing import Any

from audience_uploader.adapters.aws_errors import PreconditionFailed
from audience_uploader.adapters.json_store import DamagedObject, JsonStore
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.backoff import is_over
from audience_uploader.domain.state_parts import Lease
from audience_uploader.domain.times import Clock

PREFIX = "state/"


class LeaseTaken(Exception):
    """Another function works on this audience, or took over from us."""


class StateStore:
    """Reads audience states and takes leases of `lease_seconds`."""

    def __init__(self, objects: JsonStore, *, clock: Clock, lease_seconds: float) -> None:
        self._objects = objects
        self._clock = clock
        self._lease_seconds = lease_seconds

    def read(self, advertiser_id: str, audience: str) -> tuple[AudienceState, str | None]:
        """Return the state and its ETag; a fresh one and None when there is none yet.

        Raises DamagedObject where it can't be read.
        """
        key = state_key(advertiser_id, audience)
        data, etag = self._objects.find(key)
        if data is None:
            return AudienceState(advertiser_id, audience), None
        try:
            return AudienceState.from_json(data), etag
        except (KeyError, TypeError, ValueError, AttributeError):
            raise DamagedObject(key) from None

    def is_leased(self, state: AudienceState) -> bool:
        """Tell whether the lease of a state is in force.

        One that ends later than any lease can counts as over: a broken clock wrote it.
        """
        lease = state.lease
        longest = self._lease_seconds + 60  # clocks differ
        return lease is not None and not is_over(
            lease.expires_at, now=self._clock(), longest=longest
        )

    def acquire(self, state: AudienceState, etag: str | None, *, drop: str = "") -> "HeldLease":
        """Take the lease of a state as it was read; count a crash when an expired one is found.

        `drop` is the key of the drop whose message asks for it. Raises LeaseTaken when it is held,
        or when somebody else was faster.
        """
        if self.is_leased(state):
            raise LeaseTaken
        died_with = state.lease.drop if state.lease else None
        state.crashes += state.lease is not None
        state.lease = Lease(uuid.uuid4().hex, self._clock() + self._lease_seconds, drop)
        held = HeldLease(self, state, etag, died_with=died_with)
        held.save()
        return held

    def write(self, state: AudienceState, etag: str | None) -> str:
        """Store the state if it is still the version `etag`; return the new ETag.

        Raises LeaseTaken when it is not. A refusal may answer the SDK's second try of a write
        that had arrived the first time, so the nonce decides.
        """
        data = state.to_json()
        key = state_key(state.advertiser_id, state.audience_name)
        try:
            return self._objects.replace(key, data, etag=etag)
        except PreconditionFailed:
            return self._arrived_before(key, data)

    def _arrived_before(self, key: str, data: dict[str, Any]) -> str:
        stored, etag = self._objects.find(key)
        if stored is None or etag is None or stored.get("nonce") != data["nonce"]:
            raise LeaseTaken
        return etag


class HeldLease:
    """The right to change one audience, until `release`; `state` is what gets stored.

    `died_with` is the drop whose message the last holder died with, if it did.
    """

    def __init__(
        self,
        store: StateStore,
        state: AudienceState,
        etag: str | None,
        *,
        died_with: str | None = None,
    ) -> None:
        self._store = store
        self._etag = etag
        self.died_with = died_with
        self.state = state

    def save(self) -> None:
        """Store the state; raises LeaseTaken when the lease was lost to another taker."""
        self._etag = self._store.write(self.state, self._etag)

    def release(self) -> None:
        """Store the state without a lease; the next taker finds no crash."""
        self.state.lease = None
        self.state.crashes = 0
        self.save()


def state_key(advertiser_id: str, audience: str) -> str:
    """Return where the state of an audience is."""
    return f"{PREFIX}{advertiser_id}/{audience}.json"
