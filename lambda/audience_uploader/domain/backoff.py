"""How long a message waits before the next try: the one table, in multiples of the base delay.

The n-th wait of one kind in a row lasts first x 2^n, at most `most`, and never longer than SQS can
hide a message. TikTok's answers carry no Retry-After; where these figures come from is said beside
each.
"""

from dataclasses import dataclass

LONGEST_HIDE = 12 * 3600.0  # seconds from the receive; SQS's limit for ChangeMessageVisibility
STUCK_AFTER = 72 * 3600.0  # seconds; TikTok promises 48 h of processing at the most
PROCESSED_AFTER = 48 * 3600.0  # seconds
GIVE_UP_AFTER = 13 * 24 * 3600.0  # seconds; SQS deletes a message at 14 days without a word
UNREADABLE_AFTER = 24 * 3600.0  # seconds that a person has to let the function read an object
MOST_RECEIVES = 990  # the queue's redrive policy takes a message at 1,000, and says no reason
LIST_LAG = 120  # x base: the list may show a new audience an hour late
BUGS_IN_A_ROW = 5  # then a person must help

TRANSIENT = "transient"
RATE_LIMITED = "rate_limited"
CREDENTIALS = "credentials"
AUDIENCE_BUSY = "audience_busy"
CREATE_UNANSWERED = "create_unanswered"
UNEXPECTED = "unexpected"
LEASE_TAKEN = "lease_taken"
MORE_TO_DO = "more_to_do"
UNREADABLE = "unreadable"
AUDIENCE_ABSENT = "audience_absent"
SET_INCOMPLETE = "set_settling"
SUPERSEDING = "superseding"


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
    UNREADABLE: Schedule(10, 120),  # nor a key policy
    AUDIENCE_BUSY: Schedule(30, 360),  # processing takes up to 48 h
    SUPERSEDING: Schedule(30, 360),
    AUDIENCE_ABSENT: Schedule(LIST_LAG, LIST_LAG),
}
LONGEST_WAIT = 360  # x base: no wait that stands in a record reaches further ahead

_SENTENCES = {
    TRANSIENT: "TikTok or AWS gave no usable answer, which usually passes by itself",
    RATE_LIMITED: "TikTok takes no more calls for the moment (its rate limit is used up)",
    CREDENTIALS: "the access token or the advertiser id in the secret is missing, or TikTok does "
    "not accept it: set them right, and everything goes on by itself",
    AUDIENCE_BUSY: "TikTok is still processing the last change of this audience, which can take "
    "48 hours; it takes no other change until then",
    CREATE_UNANSWERED: "the answer to the creation of the audience was lost, and TikTok's list "
    "does not show it yet",
    UNEXPECTED: "the function failed in a way that nobody planned; its log says where",
    LEASE_TAKEN: "another file of this audience is being delivered",
    MORE_TO_DO: "there is more to do for this audience than fits into one call",
    UNREADABLE: "S3 or KMS does not let the function read this file: let its role use the KMS key "
    "that the file is encrypted with, or copy the file over itself under the bucket's own key",
    AUDIENCE_ABSENT: "TikTok shows no audience of this name, and its list can be an hour late",
    SET_INCOMPLETE: "a set of files is still being written, and is sent once it is complete",
    SUPERSEDING: "a newer set replaces this file as soon as TikTok has applied it",
}


def sentence(kind: str) -> str:
    """Return why a drop waits, as part of a sentence."""
    return _SENTENCES.get(kind, kind)


def delay(kind: str, count: int, *, base: float) -> float:
    """Return the seconds of the wait number `count` (from 0) of this kind in a row."""
    schedule = SCHEDULES[kind]
    factor: int = min(schedule.first * 2 ** min(count, 30), schedule.most)
    return min(base * factor, LONGEST_HIDE)


def hours(base: float) -> float:
    """Return the seconds of an hour that scales with the base delay (docs/decisions/0007)."""
    return LIST_LAG * base


def is_over(until: float, *, now: float, longest: float) -> bool:
    """Tell whether a time is past, or further ahead than it can be: a broken clock wrote it."""
    return not now < until <= now + longest
