"""S3 in memory for very many objects: pages of a thousand, listed without looking at the others."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from typing import Any

from support.fake_s3 import FakeS3

_PAGE = 1000
_AFTER_ALL = "\U0010ffff"


class LargeS3(FakeS3):
    """Keeps its keys in order. Written to by one thread at a time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self._keys: list[str] = []

    def store(self, key: str, body: bytes) -> str:
        if key not in self.objects:
            insort(self._keys, key)
        return super().store(key, body)

    def delete_object(self, *, Bucket: str, Key: str, IfMatch: str = "") -> None:
        there = Key in self.objects
        super().delete_object(Bucket=Bucket, Key=Key, IfMatch=IfMatch)
        if there:
            del self._keys[bisect_left(self._keys, Key)]

    def paginate(
        self, *, Bucket: str, Prefix: str, Delimiter: str = ""
    ) -> Iterator[dict[str, Any]]:
        first = bisect_left(self._keys, Prefix)
        last = bisect_left(self._keys, Prefix + _AFTER_ALL)
        if Delimiter:
            self.before("list", Prefix)
            yield self._folders(Prefix, Delimiter, first, last)
            return
        for start in range(first, max(last, first + 1), _PAGE):
            self.before("list", Prefix)
            keys = self._keys[start : min(start + _PAGE, last)]
            yield {"Contents": [self._listed(key) for key in keys]}

    def _folders(self, prefix: str, mark: str, first: int, last: int) -> dict[str, Any]:
        folders, keys = [], []
        while first < last:
            name, found, _ = self._keys[first].removeprefix(prefix).partition(mark)
            if found:
                folders.append({"Prefix": f"{prefix}{name}{mark}"})
                first = bisect_left(self._keys, f"{prefix}{name}{mark}{_AFTER_ALL}")
            else:
                keys.append(self._listed(self._keys[first]))
                first += 1
        return {"CommonPrefixes": folders, "Contents": keys}

    def _listed(self, key: str) -> dict[str, Any]:
        stored = self.objects[key]
        facts = {"Key": key, "ETag": stored.etag, "Size": len(stored.body)}
        return {**facts, "LastModified": stored.modified}
