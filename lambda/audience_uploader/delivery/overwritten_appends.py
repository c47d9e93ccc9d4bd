"""Appends that a set is about to overwrite although they were written after it.

A set that is sent late, or again for a part that came late, has the time of its oldest object. The
appends that were delivered in between belong into the audience after it, so they are pending again.
"""

from collections.abc import Sequence

from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.sqs_queue import Queue, event_body
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.receipt import DELIVERED

AGAIN = "set_sent_late"  # the reason in the event made for them


class OverwrittenAppends:
    """Has delivered appends sent again; `bucket` is the name of the bucket."""

    def __init__(
        self, receipts: ReceiptStore, queue: Queue, invocation: Invocation, *, bucket: str
    ) -> None:
        self._receipts = receipts
        self._queue = queue
        self._invocation = invocation
        self._bucket = bucket

    def reopen(self, appends: Sequence[Drop]) -> None:
        """Take the receipts of delivered appends back, and send one message that tells of them.

        Called before the set is sent: to add an id twice does no harm, to lose it would.
        """
        by_version = {drop.version: drop for drop in appends}
        opened = self._receipts.forget_all(
            by_version, status=DELIVERED, before_each=self._invocation.deadline.for_calls
        )
        if opened:
            first = min((by_version[v] for v in opened), key=lambda d: d.modified_at)
            self._queue.send(event_body(self._bucket, first, reason=AGAIN))
