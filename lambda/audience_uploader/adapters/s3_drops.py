"""Drops in S3: which there are, and their bytes, always of one exact version."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from audience_uploader.adapters.aws_errors import (
    ObjectNotFound,
    PreconditionFailed,
    calling,
    is_of_one_object,
)
from audience_uploader.domain.advice import ROOT
from audience_uploader.domain.drop import Drop, DropKey, fits_s3, parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped, Unavailable, Unreadable

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

BLOCK_BYTES = 1 << 18  # as large as the chunks in which rows are read
_TRIES = 3


class DropChanged(Exception):
    """The drop was overwritten or deleted since it was listed; its own event will come."""


class DropStore:
    """The data objects under `tiktok/` of one bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self.bucket = bucket

    def current(self, key: DropKey) -> Drop | None:
        """Return the version that is there now; None when the drop is gone."""
        try:
            with calling("s3"):
                found = self._s3.head_object(Bucket=self.bucket, Key=key.key)
        except ObjectNotFound:
            return None
        except Unavailable as error:
            if is_of_one_object(error):  # a list shows it all the same
                return next((d for d in self._listed(key.key) if d.key.key == key.key), None)
            raise
        return _drop(key, found["ETag"], found["ContentLength"], found["LastModified"])

    def stray(self, key: str) -> Drop | None:
        """Return an object whose key names no audience; None when there is none."""
        return self.current(_of_no_audience(key)) if fits_s3(key) else None

    def listing(self, audience: str, calculate_type: str) -> Iterator[Drop]:
        """Yield all drops of an audience and format, however the format is spelt.

        An empty object is none, but for a part of a set, which then holds less than before.
        """
        for drop in self.under(audience):
            if drop.key.calculate_type == calculate_type and (drop.size or drop.key.set_name):
                yield drop

    def set_of(self, key: DropKey) -> list[Drop]:
        """Return all parts of the set that a key belongs to; none where it belongs to no set."""
        if key.set_name is None:
            return []
        listed = self.listing(key.audience, key.calculate_type)
        return [drop for drop in listed if drop.key.set_name == key.set_name]

    def audiences(self) -> tuple[list[str], list[str]]:
        """Return the folder names right below `tiktok/`, and the keys of objects that lie there."""
        folders: list[str] = []
        strays: list[str] = []
        for page in self._pages(Prefix=f"{ROOT}/", Delimiter="/"):
            folders += [p["Prefix"].split("/")[1] for p in page.get("CommonPrefixes", [])]
            strays += [item["Key"] for item in page.get("Contents", [])]
        return folders, strays

    def under(self, audience: str) -> Iterator[Drop]:
        """Yield every object of an audience's folder; a bad key comes as a drop of no audience."""
        return self._listed(f"{ROOT}/{audience}/")

    def _listed(self, prefix: str) -> Iterator[Drop]:
        for page in self._pages(Prefix=prefix):
            for item in page.get("Contents", []):
                key = _parsed(item["Key"]) or _of_no_audience(item["Key"])
                yield _drop(key, item["ETag"], item["Size"], item["LastModified"])

    def _pages(self, **asked: Any) -> Iterator["ListObjectsV2OutputTypeDef"]:
        with calling("s3"):
            pages = self._s3.get_paginator("list_objects_v2")
            yield from pages.paginate(Bucket=self.bucket, **asked)

    def confirms(self, key: str) -> bool:
        """Tell whether a marker object is there, whatever it holds."""
        return self.stray(key) is not None

    def blocks(self, drop: Drop, *, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
        """Yield the bytes of exactly this version; a broken stream is taken up where it broke.

        Raises DropChanged, Unreadable, and Unavailable after 3 failures in a row.
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
                    Bucket=self.bucket,
                    Key=drop.key.key,
                    IfMatch=f'"{drop.etag}"',
                    **({"Range": f"bytes={start}-"} if start else {}),  # type: ignore[arg-type]
                )["Body"]
        except (ObjectNotFound, PreconditionFailed):
            raise DropChanged from None
        except Unavailable as error:
            if is_of_one_object(error):
                raise Unreadable(error.code) from None
            raise
        while block := _read(body, block_bytes):
            yield block


def _read(body: "StreamingBody", block_bytes: int) -> bytes:
    with calling("s3"):
        return body.read(block_bytes)


def _of_no_audience(key: str) -> DropKey:
    return DropKey(key, audience="", calculate_type="")


def _parsed(key: str) -> DropKey | None:
    try:
        return parse_key(key)
    except (DropRefused, Skipped):
        return None  # a marker, or a bad key whose own message says so


def _drop(key: DropKey, etag: str, size: int, modified: Any) -> Drop:
    return Drop(key, etag.strip('"'), size, modified.timestamp())
