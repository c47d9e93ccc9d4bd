"""One receive of an SQS message."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One receive of an SQS message; times are seconds since the epoch."""

    message_id: str
    receipt_handle: str = field(repr=False)
    body: str = field(repr=False)
    receives: int
    sent_at: float
