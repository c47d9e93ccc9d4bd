"""Small JSON objects in S3, with conditional writes: the one place that stores state.

S3's conditional requests are the lock: `IfNoneMatch: *` makes an object only where there is none,
`IfMatch` replaces or deletes exactly the version that was read.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from audience_uploader.adapters.aws_errors import ObjectNotFound, PreconditionFailed, calling

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_A_TIME = 8

Item = TypeVar("Item")


class DamagedObject(Exception):
    """An object of ours is no JSON object; `key` is where it is."""

    def __init__(self, key: str) -> None:
        super().__init__("a stored object is not a JSON object")
        self.key = key


class JsonStore:
    """The JSON objects of one bucket. Raises Unavailable where S3 does not do its part."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def find(self, key: str) -> tuple[dict[str, Any] | None, str | None]:
        """Return an object and its ETag, both None where there is none; raises DamagedObject."""
        try:
            with calling("s3"):
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
                body = answer["Body"].read()
        except ObjectNotFound:
            return None, None
        return _parsed(key, body), answer["ETag"]

    def exists(self, key: str) -> bool:
        """Tell whether there is such an object."""
        try:
            with calling("s3"):
                self._s3.head_object(Bucket=self._bucket, Key=key)
        except ObjectNotFound:
            return False
        return True

    def put(self, key: str, data: dict[str, Any]) -> str:
        """Store an object, whatever was there; return its ETag."""
        body = json.dumps(data, indent=1, ensure_ascii=False).encode()
        return self._put(key, body, "application/json", {})

    def replace(self, key: str, data: dict[str, Any], *, etag: str | None) -> str:
        """Store an object if the one there is still `etag`, or still none; return its ETag.

        Raises PreconditionFailed when somebody else was faster.
        """
        body = json.dumps(data, indent=1, ensure_ascii=False).encode()
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            return self._put(key, body, "application/json", condition)
        except ObjectNotFound:
            raise PreconditionFailed from None

    def put_text(self, key: str, text: str, *, content_type: str) -> None:
        """Store a text, such as a page."""
        self._put(key, text.encode(), content_type, {})

    def delete(self, key: str, *, etag: str | None = None) -> None:
        """Delete an object, only if it is still `etag` where one is given."""
        condition: Any = {"IfMatch": etag} if etag else {}
        with calling("s3"):
            self._s3.delete_object(Bucket=self._bucket, Key=key, **condition)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in their order."""
        return (key for key, _ in self.listed(prefix))

    def listed(self, prefix: str) -> Iterator[tuple[str, float]]:
        """Yield the keys that begin with `prefix`, and when each was written (seconds)."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        with calling("s3"):
            for page in pages:
                for item in page.get("Contents", []):
                    yield item["Key"], item["LastModified"].timestamp()

    def _put(self, key: str, body: bytes, content_type: str, condition: Any) -> str:
        with calling("s3"):
            answer = self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, **condition
            )
        return answer["ETag"]


def _parsed(key: str, body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise DamagedObject(key) from None
    if not isinstance(data, dict):
        raise DamagedObject(key)
    return data


def for_each(
    work: Callable[[Item], object], items: Iterable[Item], *, before_each: Callable[[], object]
) -> None:
    """Do a work of requests, several at a time; `before_each` may raise when time is up."""

    def one(item: Item) -> None:
        before_each()
        work(item)

    with ThreadPoolExecutor(max_workers=_AT_A_TIME, thread_name_prefix="json") as pool:
        for done in [pool.submit(one, item) for item in items]:
            done.result()
