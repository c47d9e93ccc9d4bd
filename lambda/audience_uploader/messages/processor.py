"""What becomes of one message: done, parked, or dead-lettered. A message is only a nudge.

It makes the function look at its drop's audience; whether the message is done is then read from
the drop's receipt, whoever wrote it.
"""

from collections import Counter
from dataclasses import dataclass

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.reconciler import Look, Reconciler
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter, DropRefused, Park, Skipped, Unavailable
from audience_uploader.domain.receipt import DELIVERED
from audience_uploader.messages.events import ObjectCreated, read_event
from audience_uploader.messages.settlement import Settlement
from audience_uploader.observability import Observer

BUGS_IN_A_ROW = 5


@dataclass(slots=True)
class _Nudge:
    """A message in hand; its drop is known once it was looked for."""

    message: Message
    deadline: Deadline
    drop: Drop | None = None


class MessageProcessor:
    """Handles messages of one bucket, one at a time; `base` is the base delay in seconds."""

    def __init__(
        self,
        drops: DropStore,
        receipts: ReceiptStore,
        looks: Reconciler,
        doors: Settlement,
        observer: Observer,
        *,
        bucket: str,
        base: float,
    ) -> None:
        self._drops = drops
        self._receipts = receipts
        self._looks = looks
        self._doors = doors
        self._observer = observer
        self._bucket = bucket
        self._base = base
        self._bugs: Counter[str] = Counter()  # outside of a look, as this function has seen them

    def handle(self, message: Message, deadline: Deadline) -> None:
        """Returns when the message is delivered, dead-lettered or needs nothing.

        Raises Park when it has to come back, after it was told when.
        """
        nudge = _Nudge(message, deadline)
        try:
            self._conclude(nudge)
        except Park:
            raise
        except Unavailable as error:  # at the door itself, so nothing more is asked of the drop
            self._come_back(nudge, error, drop=None)
        except Exception as error:  # noqa: BLE001 - a bug: noticed, and never the end of a message
            self._observer.bug(error)
            self._after_bug(nudge)

    def _conclude(self, nudge: _Nudge) -> None:
        message, deadline = nudge.message, nudge.deadline
        try:
            event = self._event(message)
            drop, refusal = self._locate(event.key)
            if drop and (message.redriven or event.replayed):
                self._receipts.forget(drop.version, older_than=message.sent_at)
            nudge.drop = drop  # not before: with its old receipt it would pass for concluded
            self._handle(message, drop, refusal, deadline)
        except Skipped:
            self._observer.skipped()
        except DeadLetter as refusal:
            self._doors.dead_letter(message, nudge.drop, refusal)
        except Park as park:
            self._doors.park(message, nudge.drop, park, deadline)
        except Unavailable as error:
            self._come_back(nudge, error, drop=nudge.drop)

    def _come_back(self, nudge: _Nudge, error: Unavailable, *, drop: Drop | None) -> None:
        self._observer.unavailable(error)
        park = self._retry(nudge.message, backoff.TRANSIENT)
        self._doors.park(nudge.message, drop, park, nudge.deadline)

    def _event(self, message: Message) -> ObjectCreated:
        event = read_event(message.body)
        if event.bucket != self._bucket:
            raise DeadLetter(
                "bad_event",
                "The event is about another bucket. If this stack's bucket was renamed, copy the "
                "file to the same key in the new one; then the message can be deleted.",
            )
        return event

    def _locate(self, key: str) -> tuple[Drop | None, DropRefused | None]:
        try:
            parsed = parse_key(key)
        except DropRefused as refusal:
            stray = self._drops.stray(key)
            if stray and stray.size == 0:
                raise Skipped("an empty object") from None
            return stray, refusal
        return self._drops.current(parsed), None

    def _handle(
        self,
        message: Message,
        drop: Drop | None,
        refusal: DropRefused | None,
        deadline: Deadline,
    ) -> None:
        if refusal:
            raise refusal
        if drop is None or self._concluded(drop):
            self._observer.nothing_to_do()
            return
        left_over = self._looks.look(Look(drop, message.receives, deadline))
        if not self._concluded(drop):
            raise Park(backoff.MORE_TO_DO, delay=0 if left_over else self._base)

    def _concluded(self, drop: Drop) -> bool:
        """True when the drop's receipt says that nothing is left to do for its message.

        Raises DeadLetter when the receipt refuses the drop and its message was not told yet.
        """
        receipt = self._receipts.find(drop.version)
        if receipt is None:
            return False
        if receipt["status"] != DELIVERED and receipt["dead_lettered_at"] is None:
            raise DeadLetter(receipt["reason"], receipt["message"])
        return True

    def _retry(self, message: Message, kind: str) -> Park:
        return Park(kind, delay=backoff.delay(kind, message.receives - 1, base=self._base))

    def _after_bug(self, nudge: _Nudge) -> None:
        message = nudge.message
        self._bugs[message.message_id] += 1
        if self._bugs[message.message_id] >= BUGS_IN_A_ROW:
            self._doors.dead_letter(message, nudge.drop, _unexpected())
        else:
            park = self._retry(message, backoff.UNEXPECTED)
            self._doors.park(message, nudge.drop, park, nudge.deadline)


def _unexpected() -> DeadLetter:
    return DeadLetter(
        "unexpected",
        "The uploader failed on this message; its log says where. Report it, deploy the mended "
        "version, then redrive this message.",
    )
