"""Tell of drops that no waiting helps: a dead letter first, then the `rejected` receipt.

A crash in between tells twice rather than never. The receipt is what makes the drop's own message
done when it comes.
"""

from collections.abc import Sequence
from contextlib import suppress

from audience_uploader.adapters.aws_errors import PreconditionFailed
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import receipt_key
from audience_uploader.adapters.sqs_queue import Queue, event_body
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.domain import receipt
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer


class Rejections:
    """The dead letters and rejected receipts of one bucket."""

    def __init__(
        self, queue: Queue, objects: JsonStore, drops: DropStore, observer: Observer, clock: Clock
    ) -> None:
        self._queue = queue
        self._drops = drops
        self._objects = objects
        self._observer = observer
        self._clock = clock

    def reject(
        self, drop: Drop, refusal: DeadLetter, invocation: Invocation, *, body: str | None = None
    ) -> None:
        """Tell of one drop; the dead letter is `body`, or an event made so that a redrive works.

        What refuses a part of a set refuses the set: each part gets its receipt.
        """
        parts = self._drops.set_of(drop.key) or [drop]
        self.tell(drop, refusal, body=body)
        for part in parts:
            self._write(part, refusal, invocation)

    def reject_set(
        self,
        parts: Sequence[Drop],
        refusal: DeadLetter,
        invocation: Invocation,
        *,
        told: Drop,
    ) -> None:
        """Tell of a whole set: one dead letter, of the part `told`, and a receipt for each part."""
        self.tell(told, refusal)
        for part in parts:
            self._write(part, refusal, invocation)

    def dead_letter(self, body: str, drop: Drop | None, refusal: DeadLetter) -> None:
        """Put one body into the DLQ; nothing is written about a drop."""
        self._queue.dead_letter(body, refusal)
        digest = drop.audience_digest if drop else None
        self._observer.dead_lettered(refusal, audience=digest)

    def tell(self, drop: Drop, refusal: DeadLetter, *, body: str | None = None) -> None:
        """Dead-letter a drop by `body`, or by an event made for it; its receipt is another's."""
        event = body or event_body(self._drops.bucket, drop, reason=refusal.reason)
        self.dead_letter(event, drop, refusal)

    def _write(self, drop: Drop, refusal: DeadLetter, invocation: Invocation) -> None:
        text = receipt.rejected(
            drop,
            refusal,
            stamp=invocation.stamp(self._clock()),
        )
        key = receipt_key(drop.version)
        for _ in range(2):
            found, etag = self._objects.find(key)
            if found and found["status"] == receipt.DELIVERED:
                return  # TikTok has it all the same
            with suppress(PreconditionFailed):  # written at the same moment: seen by the next try
                self._objects.replace(key, text, etag=etag)
                self._observer.rejected(text)
                return
