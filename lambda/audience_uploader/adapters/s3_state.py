"""The audience's record in S3, and its lease: one writer per (advertiser, audience).

S3's conditional writes are the lock: `IfNoneMatch: *` makes the first record, `IfMatch` replaces
exactly the version that was read. The lease outlives every holder, so an expired one means that
its holder died.
"""

import json
import uuid
from typing import TYPE_CHECKING, Any

from audience_uploader.adapters.aws_errors import ObjectNotFound, PreconditionFailed, calling
from audience_uploader.domain.audience_state import AudienceState, Lease
from audience_uploader.domain.times import Clock

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class LeaseTaken(Exception):
    """Another function works on this audience, or took over from us."""


class StateStore:
    """Reads records and takes leases of `lease_seconds`."""

    def __init__(self, s3: "S3Client", bucket: str, *, clock: Clock, lease_seconds: float) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock
        self._lease_seconds = lease_seconds

    def read(self, advertiser_id: str, audience: str) -> tuple[AudienceState, str | None]:
        """The record and its ETag; a fresh record and None when there is none yet."""
        key = _key(advertiser_id, audience)
        try:
            with calling("s3"):
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
                return AudienceState.from_json(json.loads(answer["Body"].read())), answer["ETag"]
        except ObjectNotFound:
            return AudienceState(advertiser_id, audience), None

    def acquire(self, record: AudienceState, etag: str | None, *, drop: str = "") -> "HeldLease":
        """The lease of a record as it was read; counts a crash when an expired one is found.

        `drop` is the key of the drop whose message asks for it. Raises LeaseTaken when it is held,
        or when somebody else was faster.
        """
        now = self._clock()
        if record.lease and record.lease.expires_at > now:
            raise LeaseTaken
        died_with = record.lease.drop if record.lease else None
        record.crashes += record.lease is not None
        record.lease = Lease(uuid.uuid4().hex, now + self._lease_seconds, drop)
        held = HeldLease(self, record, etag, died_with=died_with)
        held.save()
        return held

    def write(self, record: AudienceState, etag: str | None) -> str:
        """Stores the record if it is still the version `etag`; the new ETag.

        Raises LeaseTaken when it is not. A refusal may answer the SDK's second try of a write
        that had arrived the first time, so the nonce decides.
        """
        data = record.to_json()
        try:
            return self._put(data, etag)
        except (PreconditionFailed, ObjectNotFound):
            return self._arrived_before(data)

    def _put(self, data: dict[str, Any], etag: str | None) -> str:
        where = self._where(data)
        body = json.dumps(data, indent=1, ensure_ascii=False).encode()
        condition: Any = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        with calling("s3"):
            answer = self._s3.put_object(
                **where, Body=body, ContentType="application/json", **condition
            )
        return answer["ETag"]

    def _where(self, data: dict[str, Any]) -> Any:
        key = _key(data["advertiser_id"], data["audience_name"])
        return {"Bucket": self._bucket, "Key": key}

    def _arrived_before(self, data: dict[str, Any]) -> str:
        where = self._where(data)
        try:
            with calling("s3"):
                answer = self._s3.get_object(**where)
                stored = json.loads(answer["Body"].read())
        except ObjectNotFound:
            raise LeaseTaken from None  # a person deleted the record
        if stored["nonce"] != data["nonce"]:
            raise LeaseTaken
        return answer["ETag"]


class HeldLease:
    """The right to change one audience, until `release`; `record` is what gets stored.

    `died_with` is the drop whose message the last holder died with, if it did.
    """

    def __init__(
        self,
        store: StateStore,
        record: AudienceState,
        etag: str | None,
        *,
        died_with: str | None = None,
    ) -> None:
        self._store = store
        self._etag = etag
        self.died_with = died_with
        self.record = record

    def save(self) -> None:
        """Stores the record; raises LeaseTaken when the lease was lost to another taker."""
        self._etag = self._store.write(self.record, self._etag)

    def release(self) -> None:
        """Stores the record without a lease; the next taker finds no crash."""
        self.record.lease = None
        self.record.crashes = 0
        self.save()


def _key(advertiser_id: str, audience: str) -> str:
    return f"state/{advertiser_id}/{audience}.json"
