"""Send again what a set wiped out though it is newer.

A set may be sent long after its time: it was held back, or a part of it was written late. What was
appended since the set's own time does not count as overtaken, but a REPLACE leaves nothing of it.
"""

from collections.abc import Iterable

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.sqs_queue import Queue, event_body
from audience_uploader.domain.drop import parse_key
from audience_uploader.domain.receipt import DELIVERED

Version = tuple[str, str]


class Resend:
    """Opens delivered drops again, and sends one message for them."""

    def __init__(self, drops: DropStore, receipts: ReceiptStore, queue: Queue) -> None:
        self._drops = drops
        self._receipts = receipts
        self._queue = queue

    def open_again(self, versions: Iterable[Version]) -> None:
        """Delete the receipts of those that were delivered; may be done twice without harm."""
        always = float("inf")
        opened = [
            version
            for version in versions
            if not self._receipts.forget(version, older_than=always, status=DELIVERED)
        ]
        there = (self._drops.current(parse_key(key)) for key, _ in opened)
        drop = next((d for d in there if d is not None), None)
        if drop:
            self._queue.send(event_body(self._drops.bucket, drop, reason="set"))
