"""Receipts: for each drop version one JSON object that says what became of it.

A receipt is the user's answer to "what happened to my file?", and what makes a repeated message
harmless.
"""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from audience_uploader.adapters.aws_errors import ObjectNotFound, PreconditionFailed, calling
from audience_uploader.domain.drop import version_key
from audience_uploader.domain.times import from_iso

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "receipts"
_WRITERS = 8

Version = tuple[str, str]
"""A drop's key and ETag."""


def receipt_key(version: Version) -> str:
    """Where the receipt of a drop version is: `receipts/<drop key>/<etag>.json`.

    Under `receipts/long/<sha256 of the key>/` where that would pass S3's 1,024 bytes.
    """
    return version_key(PREFIX, version)


class ReceiptStore:
    """The receipts of one bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def find(self, version: Version) -> dict[str, Any] | None:
        """The receipt of a drop version, or None while there is none."""
        return self.look(version)[0]

    def look(self, version: Version) -> tuple[dict[str, Any] | None, str | None]:
        """The receipt of a drop version and its ETag, both None while there is none."""
        try:
            return self._get(receipt_key(version))
        except ObjectNotFound:
            return None, None

    def write(self, version: Version, receipt: dict[str, Any]) -> None:
        """Stores a receipt, in place of an older one of the same version."""
        self._put(version, receipt, {})

    def replace(self, version: Version, receipt: dict[str, Any], *, etag: str | None) -> str:
        """Stores a receipt if the one there is still `etag`, or still none; the new ETag.

        Raises PreconditionFailed when somebody else was faster.
        """
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            return self._put(version, receipt, condition)
        except ObjectNotFound:
            raise PreconditionFailed from None

    def _put(self, version: Version, receipt: dict[str, Any], condition: Any) -> str:
        body = json.dumps(receipt, indent=1, ensure_ascii=False).encode()
        with calling("s3"):
            answer = self._s3.put_object(
                Bucket=self._bucket,
                Key=receipt_key(version),
                Body=body,
                ContentType="application/json",
                **condition,
            )
        return answer["ETag"]

    def write_all(self, receipts: Mapping[Version, dict[str, Any]]) -> None:
        """Stores many receipts, several at a time."""
        with ThreadPoolExecutor(max_workers=_WRITERS, thread_name_prefix="receipts") as pool:
            for written in [pool.submit(self.write, v, r) for v, r in receipts.items()]:
                written.result()

    def without(self, versions: Iterable[Version], prefix: str) -> set[Version]:
        """Those of the versions that have no receipt; all their keys begin with `prefix`."""
        wanted = {receipt_key(v): v for v in versions}
        there = set(self._listed(f"{PREFIX}/{prefix}"))
        long = [k for k in wanted if k.startswith(f"{PREFIX}/long/")]
        there.update(k for k in long if self.find(wanted[k]) is not None)
        return {v for k, v in wanted.items() if k not in there}

    def forget(self, version: Version, *, older_than: float) -> None:
        """Removes the receipt of a version if it was written before `older_than` (seconds)."""
        key = receipt_key(version)
        try:
            receipt, etag = self._get(key)
            if from_iso(receipt["times"]["written_at"]) < older_than:
                with calling("s3"):
                    self._s3.delete_object(Bucket=self._bucket, Key=key, IfMatch=etag)
        except (ObjectNotFound, PreconditionFailed):
            return  # nothing to forget, or just written anew

    def _listed(self, prefix: str) -> Iterable[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        with calling("s3"):
            for page in pages:
                yield from (item["Key"] for item in page.get("Contents", []))

    def _get(self, key: str) -> tuple[dict[str, Any], str]:
        with calling("s3"):
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            return json.loads(answer["Body"].read()), answer["ETag"]
