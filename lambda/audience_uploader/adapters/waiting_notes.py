"""Notes about drops that wait: proof that a drop was seen, and what its rows are like.

`state/waiting/<drop key>/<etag>.json` is written once, when a drop has to wait for longer than a
moment. No advertiser id is a word, so the folder can't meet an audience's record.
"""

import json
from typing import TYPE_CHECKING, Any

from audience_uploader.adapters.aws_errors import ObjectNotFound, calling
from audience_uploader.domain.drop import version_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def waiting_note_key(version: tuple[str, str]) -> str:
    """Where the note of a drop version is; by its key's SHA-256 where that would be too long."""
    return version_key("state/waiting", version)


class WaitingNotes:
    """The notes of one bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def exists(self, version: tuple[str, str]) -> bool:
        """True when this drop version was already seen waiting."""
        try:
            with calling("s3"):
                self._s3.head_object(Bucket=self._bucket, Key=waiting_note_key(version))
        except ObjectNotFound:
            return False
        return True

    def write(self, version: tuple[str, str], note: dict[str, Any]) -> None:
        """Stores what a person may want to know while the drop waits."""
        with calling("s3"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=waiting_note_key(version),
                Body=json.dumps(note, indent=1, ensure_ascii=False).encode(),
                ContentType="application/json",
            )
