"""Receipts as the delivery sees them: which drops wait, which are delivered, which refused."""

from dataclasses import dataclass

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.domain import receipt
from audience_uploader.domain.batch import Accepted
from audience_uploader.domain.drop import ROOT, Drop, DropKey
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer
from audience_uploader.rows import RowCounts


@dataclass(frozen=True, slots=True)
class ReceiptWriter:
    """Writes the receipts of one look, which began at `started_at` as receive `attempts`."""

    drops: DropStore
    receipts: ReceiptStore
    observer: Observer
    clock: Clock
    started_at: float
    attempts: int

    def pending(self, key: DropKey) -> list[Drop]:
        """The drops of the same audience and format that have no receipt, oldest first."""
        drops = {d.version: d for d in self.drops.listing(key)}
        waiting = self.receipts.without(drops, f"{ROOT}/{key.audience}/")
        return sorted((drops[v] for v in waiting), key=lambda d: (d.modified_at, d.key.key))

    def deliver(self, accepted: Accepted, *, audience: str) -> None:
        """Writes a receipt for each drop of a call that TikTok took."""
        now = self.clock()
        texts = {
            drop.version: receipt.delivered(
                drop,
                accepted,
                audience=audience,
                attempts=self.attempts,
                started_at=self.started_at,
                now=now,
            )
            for drop in accepted.batch.drops
        }
        self.receipts.write_all(texts)
        for drop in accepted.batch.drops:
            self.observer.delivered(texts[drop.version], latency=now - drop.dropped_at)

    def reject(self, drop: Drop, refusal: DeadLetter, counts: RowCounts | None) -> None:
        """Writes the receipt of a drop that can't be delivered; its message goes to the DLQ."""
        text = receipt.rejected(
            drop,
            refusal,
            rows=receipt.rows_json(counts) if counts and counts.read else None,
            attempts=self.attempts,
            started_at=self.started_at,
            now=self.clock(),
        )
        self.receipts.write(drop.version, text)
        self.observer.rejected(text)
