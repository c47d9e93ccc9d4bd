"""The log of all calls to the API: what came, what was answered, what stood in it."""

import threading
from collections import Counter, defaultdict, deque
from dataclasses import asdict, dataclass, field

_KEPT = 200_000


@dataclass(slots=True)
class Call:
    """One call. `code` is None where no answer, or none of the API's, went out."""

    time: float
    connection: int
    method: str
    path: str
    endpoint: str
    number: int = 0
    http_status: int | None = None
    code: int | None = None
    message: str = ""
    request_id: str = ""
    fault: str = ""
    took_effect: bool = False
    seconds: float = 0.0
    details: dict[str, object] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """The code that was answered, else the HTTP status."""
        if self.code is not None:
            return str(self.code)
        return "no answer" if self.http_status is None else f"http {self.http_status}"


class CallLog:
    """The last 200,000 calls, oldest first. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self._total = 0

    def add(self, call: Call) -> None:
        """Log a call that is over, answered or not, and number it from 1."""
        with self._lock:
            self._total += 1
            call.number = self._total
            self._calls.append(call)

    def clear(self) -> None:
        """Forgets all calls."""
        with self._lock:
            self._calls.clear()
            self._total = 0

    def listed(self, *, endpoint: str = "", since: int = 0) -> list[dict[str, object]]:
        """Return the calls of one endpoint ("" is all) with a number above `since`."""
        return [asdict(c) for c in self._all() if c.number > since and endpoint in ("", c.endpoint)]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of calls per endpoint and answer: code, http status or none."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for call in self._all():
            counts[call.endpoint][call.answer] += 1
        return {endpoint: dict(counter) for endpoint, counter in sorted(counts.items())}

    def faults(self) -> dict[str, int]:
        """Return how many calls met a fault, by its kind."""
        return dict(Counter(call.fault for call in self._all() if call.fault))

    def _all(self) -> list[Call]:
        with self._lock:
            return list(self._calls)
