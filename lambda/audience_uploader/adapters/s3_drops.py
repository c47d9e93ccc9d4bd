"""Drops in S3: which there are, and their bytes, always of one exact version."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from audience_uploader.adapters.aws_errors import ObjectNotFound, PreconditionFailed, calling
from audience_uploader.domain.drop import LONGEST_KEY, ROOT, Drop, DropKey, parse_key
from audience_uploader.domain.outcomes import Outcome, Skipped, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BLOCK_BYTES = 1 << 20
_TRIES = 3


class DropChanged(Exception):
    """The drop was overwritten or deleted since it was listed; its own event will come."""


class DropStore:
    """The data objects under `tiktok/` of one bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def current(self, key: DropKey) -> Drop | None:
        """The version that is there now; None when the drop is gone, Skipped when it is empty."""
        drop = self._head(key)
        if drop and drop.size == 0:
            raise Skipped("an empty object")
        return drop

    def stray(self, key: str) -> Drop | None:
        """An object under `tiktok/` whose key names no audience; None when there is none."""
        try:
            fits = len(key.encode()) <= LONGEST_KEY and key.startswith(f"{ROOT}/")
        except UnicodeEncodeError:
            return None
        return self._head(DropKey(key, audience="", calculate_type="")) if fits else None

    def _head(self, key: DropKey) -> Drop | None:
        try:
            with calling("s3"):
                found = self._s3.head_object(Bucket=self._bucket, Key=key.key)
        except ObjectNotFound:
            return None
        return _drop(key, found["ETag"], found["ContentLength"], found["LastModified"])

    def listing(self, key: DropKey) -> Iterator[Drop]:
        """All drops of the same audience and format as `key`, however the format is spelt."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{ROOT}/{key.audience}/"
        )
        with calling("s3"):
            for page in pages:
                for item in page.get("Contents", []):
                    found = _parsed(item["Key"])
                    if found and found.calculate_type == key.calculate_type and item["Size"]:
                        yield _drop(found, item["ETag"], item["Size"], item["LastModified"])

    def blocks(self, drop: Drop, *, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
        """The bytes of exactly this version; a broken stream is taken up where it broke.

        Raises DropChanged, and Unavailable after 3 failures in a row.
        """
        done, failures = 0, 0
        while done < drop.size:
            broken = Unavailable("s3", "IncompleteBody")
            try:
                for block in self._stream(drop, done, block_bytes):
                    done, failures = done + len(block), 0
                    yield block
            except Unavailable as error:
                broken = error
            failures += 1
            if done < drop.size and failures == _TRIES:
                raise broken

    def _stream(self, drop: Drop, start: int, block_bytes: int) -> Iterator[bytes]:
        try:
            with calling("s3"):
                body = self._s3.get_object(
                    Bucket=self._bucket,
                    Key=drop.key.key,
                    IfMatch=f'"{drop.etag}"',
                    **({"Range": f"bytes={start}-"} if start else {}),  # type: ignore[arg-type]
                )["Body"]
        except (ObjectNotFound, PreconditionFailed):
            raise DropChanged from None
        while block := self._read(body, block_bytes):
            yield block

    @staticmethod
    def _read(body: Any, block_bytes: int) -> bytes:
        with calling("s3"):
            data: bytes = body.read(block_bytes)
        return data


def _parsed(key: str) -> DropKey | None:
    try:
        return parse_key(key)
    except Outcome:
        return None  # a marker, or a bad key whose own message says so


def _drop(key: DropKey, etag: str, size: int, modified: Any) -> Drop:
    return Drop(key, etag.strip('"'), size, modified.timestamp())
