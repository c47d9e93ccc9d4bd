"""Objects that are no drop: skipped, with a trace that a person can find."""

from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.domain import receipt
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer


class Skips:
    """Writes `skipped` receipts."""

    def __init__(self, receipts: ReceiptStore, observer: Observer, clock: Clock) -> None:
        self._receipts = receipts
        self._observer = observer
        self._clock = clock

    def skip(self, drop: Drop, reason: str, invocation: Invocation) -> None:
        """Write why an object is skipped, in its receipt and in the log."""
        text = receipt.skipped(
            drop,
            reason,
            stamp=invocation.stamp(self._clock()),
        )
        self._receipts.write(drop.version, text)
        self._observer.skipped(reason, key=drop.key.key)
