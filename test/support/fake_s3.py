"""S3 in memory, as far as the function uses it: conditional writes, ranges, listings."""

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Stored:
    body: bytes
    etag: str
    modified: datetime


class FakeS3:
    """One bucket's objects.

    `before` is called with each operation and key and may raise; `after` likewise, once a change
    has been made.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.objects: dict[str, Stored] = {}
        self.before: Callable[[str, str], None] = lambda operation, key: None
        self.after: Callable[[str, str], None] = lambda operation, key: None
        self._clock = clock
        self._lock = threading.Lock()
        self._writes = 0

    def put_object(
        self,
        *,
        Bucket: str,
        Key: str,
        Body: bytes,
        IfMatch: str = "",
        IfNoneMatch: str = "",
        ContentType: str = "",
    ) -> dict[str, Any]:
        self.before("put", Key)
        with self._lock:
            found = self.objects.get(Key)
            if IfMatch and not found:
                raise client_error("NoSuchKey", 404)
            if found and (IfNoneMatch or (IfMatch and found.etag != IfMatch)):
                raise client_error("PreconditionFailed", 412)
            etag = self.store(Key, Body)
        self.after("put", Key)
        return {"ETag": etag}

    def store(self, key: str, body: bytes) -> str:
        """Write an object as somebody else than the function; return its ETag."""
        self._writes += 1  # under SSE-KMS equal bytes do not make equal ETags
        etag = f'"{hashlib.md5(body + str(self._writes).encode()).hexdigest()}"'
        self.objects[key] = Stored(bytes(body), etag, datetime.fromtimestamp(self._clock(), UTC))
        return etag

    def get_object(
        self, *, Bucket: str, Key: str, IfMatch: str = "", Range: str = ""
    ) -> dict[str, Any]:
        self.before("get", Key)
        found = self._found(Key, "NoSuchKey")
        if IfMatch and found.etag != IfMatch:
            raise client_error("PreconditionFailed", 412)
        start = int(Range.removeprefix("bytes=").rstrip("-")) if Range else 0
        return {**_facts(found), "Body": io.BytesIO(found.body[start:])}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self.before("head", Key)
        return _facts(self._found(Key, "404"))

    def delete_object(self, *, Bucket: str, Key: str, IfMatch: str = "") -> None:
        self.before("delete", Key)
        with self._lock:
            found = self.objects.get(Key)
            if IfMatch and (not found or found.etag != IfMatch):
                raise client_error("PreconditionFailed", 412)
            self.objects.pop(Key, None)
        self.after("delete", Key)

    def get_paginator(self, operation: str) -> "FakeS3":
        assert operation == "list_objects_v2"
        return self

    def paginate(
        self, *, Bucket: str, Prefix: str, Delimiter: str = ""
    ) -> Iterator[dict[str, Any]]:
        self.before("list", Prefix)
        with self._lock:
            found = sorted((k, o) for k, o in self.objects.items() if k.startswith(Prefix))
        if Delimiter:
            rest = [k.removeprefix(Prefix).partition(Delimiter) for k, _ in found]
            folders = sorted({Prefix + first + mark for first, mark, _ in rest if mark})
            yield {"CommonPrefixes": [{"Prefix": folder} for folder in folders]}
            found = [(k, o) for k, o in found if Delimiter not in k.removeprefix(Prefix)]
        for start in range(0, len(found), 3):  # small pages, so that paging is always tried
            yield {
                "Contents": [
                    {"Key": k, "ETag": o.etag, "Size": len(o.body), "LastModified": o.modified}
                    for k, o in found[start : start + 3]
                ]
            }

    def _found(self, key: str, code: str) -> Stored:
        with self._lock:
            found = self.objects.get(key)
        if found is None:
            raise client_error(code, 404)
        return found


def client_error(code: str, status: int = 400) -> ClientError:
    """Return what boto3 raises for an error answer."""
    response: Any = {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Operation")


def _facts(found: Stored) -> dict[str, Any]:
    return {
        "ETag": found.etag,
        "ContentLength": len(found.body),
        "LastModified": found.modified,
    }
