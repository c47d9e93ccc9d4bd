"""How long a message is parked: the one table of waits, in multiples of the base delay.

The n-th wait of one kind in a row lasts first x 2^n, at most `most`, and never over 12 h, which is
as long as SQS can hide a message. TikTok's answers carry no Retry-After; where these figures come
from is said beside each.
"""

from dataclasses import dataclass

LONGEST_HIDE = 12 * 3600.0  # seconds; SQS's limit for ChangeMessageVisibility
STUCK_AFTER = 72 * 3600.0  # seconds; TikTok promises 48 h of processing at the most
GIVE_UP_AFTER = 13 * 24 * 3600.0  # seconds; SQS deletes a message at 14 days without a word
MOST_RECEIVES = 990  # the queue's redrive policy takes a message at 1,000, and says no reason
CREATE_UNSEEN_FOR = 120  # x base: the list may show a new audience an hour late

TRANSIENT = "transient"
RATE_LIMITED = "rate_limited"
CREDENTIALS = "credentials"
AUDIENCE_BUSY = "audience_busy"
CREATE_UNANSWERED = "create_unanswered"
UNEXPECTED = "unexpected"
LEASE_TAKEN = "lease_taken"
MORE_TO_DO = "more_to_do"


@dataclass(frozen=True, slots=True)
class Schedule:
    """First and longest wait, in multiples of the base delay."""

    first: int
    most: int


SCHEDULES = {
    TRANSIENT: Schedule(1, 30),
    CREATE_UNANSWERED: Schedule(1, 30),
    UNEXPECTED: Schedule(1, 30),
    RATE_LIMITED: Schedule(10, 120),  # a second, five minutes or the whole day may be used up
    CREDENTIALS: Schedule(10, 120),  # nobody corrects a secret within seconds
    AUDIENCE_BUSY: Schedule(30, 360),  # processing takes up to 48 h
}


def delay(kind: str, count: int, *, base: float) -> float:
    """Seconds of the wait number `count` (from 0) of this kind in a row."""
    schedule = SCHEDULES[kind]
    factor: int = min(schedule.first * 2 ** min(count, 30), schedule.most)
    return min(base * factor, LONGEST_HIDE)
