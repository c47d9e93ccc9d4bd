"""The bucket as the tool reads it: JSON objects, listings, and where things about a drop are."""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypedDict

from audience_uploader.domain.drop import version_key
from audience_uploader.domain.waiting_note import waiting_note_key
from botocore.exceptions import ClientError

from audiencectl.deployment import Deployment
from audiencectl.errors import code_of

_READERS = 8
_ABSENT = ("NoSuchKey", "404", "NotFound")


class Listed(TypedDict):
    """An object of a listing: `etag` without quotes."""

    key: str
    etag: str
    size: int
    modified: datetime


class Store:
    """Reads of one deployment's bucket."""

    def __init__(self, deployment: Deployment) -> None:
        self.bucket = deployment.bucket
        self._s3 = deployment.client("s3")

    def head(self, key: str) -> Listed | None:
        """Return the object that is at a key now, or None."""
        try:
            found = self._s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise
        etag = found["ETag"].strip('"')
        return Listed(
            key=key, etag=etag, size=found["ContentLength"], modified=found["LastModified"]
        )

    def json(self, key: str) -> dict[str, Any] | None:
        """Return a JSON object, or None where there is none or it can't be read as one."""
        try:
            body = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            data = json.loads(body)
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise
        except ValueError:
            return None
        return data if isinstance(data, dict) else None

    def jsons(self, keys: Iterable[str]) -> list[dict[str, Any] | None]:
        """Return many JSON objects, read several at a time, in the order of their keys."""
        with ThreadPoolExecutor(max_workers=_READERS) as pool:
            return list(pool.map(self.json, keys))

    def listing(self, prefix: str) -> Iterator[Listed]:
        """Yield all objects below a prefix."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        for page in pages:
            for item in page.get("Contents", []):
                etag = item["ETag"].strip('"')
                yield Listed(
                    key=item["Key"], etag=etag, size=item["Size"], modified=item["LastModified"]
                )

    def folders(self, prefix: str) -> Iterator[str]:
        """Yield the names of the folders directly below a prefix."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, Delimiter="/"
        )
        for page in pages:
            for item in page.get("CommonPrefixes", []):
                yield item["Prefix"].removeprefix(prefix).rstrip("/")

    def receipt(self, key: str, etag: str) -> dict[str, Any] | None:
        """Return the receipt of a drop version."""
        return self.json(version_key("receipts", (key, etag)))

    def waiting_note(self, key: str, etag: str) -> dict[str, Any] | None:
        """Return the note that says why a drop version waits."""
        return self.json(waiting_note_key((key, etag)))

    def records(self, audience: str) -> list[dict[str, Any]]:
        """Return the state records of an audience: one for each advertiser that had one."""
        advertisers = [name for name in self.folders("state/") if name.isdecimal()]
        found = self.jsons(f"state/{advertiser}/{audience}.json" for advertiser in advertisers)
        return [record for record in found if record]
