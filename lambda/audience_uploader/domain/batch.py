"""What is sent in one create or update: drops, and the uploads that hold their rows."""

from dataclasses import dataclass, field, fields
from typing import Any

from audience_uploader.domain.actions import APPEND

Version = tuple[str, str]  # key and ETag

CREATE = "create"
UPDATE = "update"


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

    @property
    def valid(self) -> int:
        """The number of rows that are sent."""
        return int(self.rows.get("valid", 0))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that TikTok took: its path there, its bytes and rows, and TikTok's request id."""

    file_path: str
    size: int
    rows: int
    request_id: str


_TUPLES = ("uploads", "warnings")  # JSON has lists only


@dataclass(slots=True)
class Batch:
    """Complete drops and all their uploads, made from `at` on (seconds since the epoch).

    `distinct` counts different ids, exactly up to 1,000. TikTok binds an upload to its
    `calculate_type`. A `set_name` and `set_at` (its oldest object) where the action is a replace;
    `resends` are versions that were appended since then, and are to be sent again.
    """

    at: float
    calculate_type: str
    drops: list[SentDrop] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    distinct: int = 0
    action: str = APPEND
    set_name: str | None = None
    set_at: float | None = None
    resends: list[Version] = field(default_factory=list)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Batch":
        """Return the batch that `asdict` wrote down."""
        drops = [
            SentDrop(**known(SentDrop, {**d, **{n: tuple(d.get(n, ())) for n in _TUPLES}}))
            for d in data["drops"]
        ]
        uploads = [Upload(**known(Upload, u)) for u in data["uploads"]]
        resends = [(key, etag) for key, etag in data.get("resends", ())]
        told = {"drops": drops, "uploads": uploads, "resends": resends}
        return cls(**{**known(cls, data), **told})

    @property
    def valid(self) -> int:
        """The number of rows of all its drops."""
        return sum(drop.valid for drop in self.drops)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A call that TikTok took: what its receipts are written from. `partial` for code 20001.

    `action` is the call: `create` or `update` (`append` in what version 0.1.0 wrote).
    """

    action: str
    at: float
    audience_id: str
    request_id: str
    partial: bool
    batch: Batch
    warnings: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Accepted":
        """Return the acceptance that `asdict` wrote down."""
        batch, warnings = Batch.from_json(data["batch"]), tuple(data.get("warnings", ()))
        return cls(**{**known(cls, data), "batch": batch, "warnings": warnings})


def known(cls: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `data` that `cls` has; what a newer version added is passed over."""
    return {f.name: data[f.name] for f in fields(cls) if f.name in data}
