"""One message to its outcome. A message is only a hint: it says which audience to reconcile.

Whether the message is done is read from its drop's receipt, whoever wrote it.
"""

from collections import Counter
from collections.abc import Callable

from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.error_policy import unexpected
from audience_uploader.domain import backoff
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import Done, Outcome, Refusal, RetryLater, Unavailable
from audience_uploader.messages.created_objects import Arrival, CreatedObjects, Processed
from audience_uploader.messages.events import SweepRequested, read_event
from audience_uploader.observability import Observer

Sweep = Callable[[Invocation], None]


class MessageProcessor:
    """Processes messages of one bucket, one at a time; `base` is the base delay in seconds."""

    def __init__(
        self, objects: CreatedObjects, sweep: Sweep, observer: Observer, *, base: float
    ) -> None:
        self._objects = objects
        self._sweep = sweep
        self._observer = observer
        self._base = base
        self._bugs: Counter[str] = Counter()  # outside of a try, as this function has seen them

    def process(self, message: Message, invocation: Invocation) -> Processed:
        """Return what becomes of the message; never raises but for the end of the function."""
        found = Processed(Done())
        try:
            found.outcome = self._outcome(message, invocation, found)
        except Refusal as refusal:
            found.outcome = refusal.outcome()
        except Unavailable as error:
            self._observer.unavailable(error)
            found.outcome = self._retry(message, backoff.TRANSIENT, error.code)
        except Exception as error:  # noqa: BLE001 - a bug: noticed, and never the end of a message
            self._observer.bug(error)
            found.outcome = self._after_bug(message)
        return found

    def _outcome(self, message: Message, invocation: Invocation, found: Processed) -> Outcome:
        event = read_event(message.body)
        if isinstance(event, SweepRequested):
            self._sweep(invocation)
            return Done()
        return self._objects.outcome(Arrival(event, message, invocation, found))

    def _retry(self, message: Message, kind: str, code: str | None = None) -> RetryLater:
        delay = backoff.delay(kind, message.receives - 1, base=self._base)
        return RetryLater(kind, delay, code)

    def _after_bug(self, message: Message) -> Outcome:
        self._bugs[message.message_id] += 1
        if self._bugs[message.message_id] >= backoff.BUGS_IN_A_ROW:
            return unexpected()
        return self._retry(message, backoff.UNEXPECTED)
