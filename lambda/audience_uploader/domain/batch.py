"""What is sent in one create or update: drops, and the uploads that hold their rows."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class SentDrop:
    """One version of a drop whose rows are in uploads; `rows` as the receipt shows them."""

    key: str
    etag: str
    size: int  # bytes in S3
    dropped_at: float
    rows: dict[str, Any]
    uploads: tuple[int, ...]  # indexes into the batch's uploads
    warnings: tuple[str, ...] = ()

    @property
    def version(self) -> tuple[str, str]:
        """Key and ETag: what a receipt is about."""
        return self.key, self.etag


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that TikTok took: its path there, its bytes and rows, and TikTok's request id."""

    file_path: str
    size: int
    rows: int
    request_id: str


_TUPLES = ("uploads", "warnings")  # JSON has lists only
CREATE = "create"
APPEND = "append"


@dataclass(slots=True)
class Batch:
    """Complete drops and all their uploads, made from `at` on (seconds since the epoch).

    `distinct` counts different ids, exactly up to 1,000. TikTok binds an upload to its
    `calculate_type`.
    """

    at: float
    calculate_type: str
    drops: list[SentDrop] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    distinct: int = 0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Batch":
        """The batch that `asdict` wrote down."""
        drops = [
            SentDrop(**known(SentDrop, {**d, **{n: tuple(d.get(n, ())) for n in _TUPLES}}))
            for d in data["drops"]
        ]
        uploads = [Upload(**known(Upload, u)) for u in data["uploads"]]
        return cls(**{**known(cls, data), "drops": drops, "uploads": uploads})


@dataclass(frozen=True, slots=True)
class Accepted:
    """A call that TikTok took: what its receipts are written from. `partial` for code 20001."""

    action: str
    at: float
    audience_id: str
    request_id: str
    partial: bool
    batch: Batch

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Accepted":
        """The acceptance that `asdict` wrote down."""
        return cls(**{**known(cls, data), "batch": Batch.from_json(data["batch"])})


def known(cls: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    """The fields of `data` that `cls` has; what a newer version added is passed over."""
    return {f.name: data[f.name] for f in fields(cls) if f.name in data}
