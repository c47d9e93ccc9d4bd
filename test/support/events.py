"""What arrives in a test: identifiers, and the events of the objects that hold them."""

import json

BUCKET = "the-bucket"


def event_body(key: str, etag: str, size: int, **extra: object) -> str:
    """Return the EventBridge event of an S3 object as it stands in a message body."""
    detail = {
        "version": "0",
        "bucket": {"name": BUCKET},
        "object": {"key": key, "size": size, "etag": etag.strip('"'), "sequencer": "00"},
        "reason": "PutObject",
    }
    return json.dumps(
        {
            "version": "0",
            "id": "e",
            "source": "aws.s3",
            "detail-type": "Object Created",
            "time": "2026-01-01T00:00:00Z",
            "detail": detail,
            **extra,
        }
    )


def hashes(start: int, count: int) -> list[str]:
    """Return distinct lower-case 64-hex identifiers."""
    return [f"{n:064x}" for n in range(start + 1, start + count + 1)]
