"""The receipts of one invocation, but for those of refused drops (rejections.py)."""

from collections.abc import Iterable

from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.domain import receipt
from audience_uploader.domain.advice import ROOT
from audience_uploader.domain.batch import Accepted
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer


class ReceiptWriter:
    """Writes what became of drops that nobody has to be called for."""

    def __init__(
        self, receipts: ReceiptStore, observer: Observer, clock: Clock, invocation: Invocation
    ) -> None:
        self._receipts = receipts
        self._observer = observer
        self._clock = clock
        self._invocation = invocation

    def deliver(self, accepted: Accepted, *, audience: str, resumed: bool) -> None:
        """Write a receipt for each drop of a call that TikTok took; raises OutOfTime.

        When `resumed`, those that an earlier invocation wrote are left alone.
        """
        now = self._clock()
        drops = accepted.batch.drops
        versions = {drop.version for drop in drops}
        if resumed:
            versions = self._receipts.without(versions, f"{ROOT}/{audience}/")
        texts = {
            drop.version: receipt.delivered(
                drop,
                accepted,
                audience=audience,
                stamp=self._invocation.stamp(now),
            )
            for drop in drops
            if drop.version in versions or accepted.batch.set_name
        }
        self._receipts.write_all(texts, before_each=self._invocation.deadline.for_receipts)
        for drop in drops:
            if drop.version in texts:
                self._observer.delivered(texts[drop.version], latency=now - drop.dropped_at)

    def supersede(self, drops: Iterable[Drop], *, by: str) -> None:
        """Write that a newer set made these drops pointless; what TikTok has stays delivered."""
        for drop in drops:
            found = self._receipts.find(drop.version)
            if found and found["status"] == receipt.DELIVERED:
                continue
            text = receipt.superseded(
                drop,
                by,
                stamp=self._invocation.stamp(self._clock()),
            )
            self._receipts.write(drop.version, text)
            self._observer.superseded()

    def nothing_to_take_out(self, drops: Iterable[Drop]) -> None:
        """Write that there was no audience to take people out of."""
        for drop in drops:
            text = receipt.nothing_to_take_out(
                drop,
                stamp=self._invocation.stamp(self._clock()),
            )
            self._receipts.write(drop.version, text)
