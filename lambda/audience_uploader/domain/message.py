"""One receive of an SQS message."""

from dataclasses import dataclass, field

SWEEP = "sweep"  # the reason in an event that the sweep made


@dataclass(frozen=True, slots=True)
class Message:
    """One receive of an SQS message; times are seconds since the epoch."""

    message_id: str
    receipt_handle: str = field(repr=False)
    body: str = field(repr=False)
    receives: int
    sent_at: float
