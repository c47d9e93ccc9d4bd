"""Send again what a set wiped out though it is newer.

A set may be sent long after its time: it was held back, or a part of it was written late. What was
appended since the set's own time does not count as overtaken, but a REPLACE leaves nothing of it:
nor does one whose answer was lost, whatever becomes of the set afterwards.
"""

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.sqs_queue import Queue, event_body
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import parse_key
from audience_uploader.domain.receipt import DELIVERED

AFTER_SET = "set_sent_late"  # the reason in the event made for them


class Resend:
    """Opens delivered drops again, and sends one message for them."""

    def __init__(
        self, drops: DropStore, receipts: ReceiptStore, queue: Queue, invocation: Invocation
    ) -> None:
        self._drops = drops
        self._receipts = receipts
        self._queue = queue
        self._invocation = invocation

    def open_again(self, state: AudienceState) -> None:
        """Delete the receipts of the state's `resends` that were delivered, and forget those.

        May be done twice without harm. Raises OutOfTime or Unavailable; then they stay there.
        """
        opened = self._receipts.forget_all(
            state.resends, status=DELIVERED, before_each=self._invocation.deadline.for_calls
        )
        in_order = (key for key, etag in state.resends if (key, etag) in opened)
        there = (self._drops.current(parse_key(key)) for key in in_order)
        drop = next((d for d in there if d is not None), None)
        if drop:
            self._queue.send(event_body(self._drops.bucket, drop, reason=AFTER_SET))
        state.resends = []
