"""How a look ends: what each error means for the audience's next look and for the message."""

from audience_uploader.delivery.submit import CreateUnanswered
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState, Wait
from audience_uploader.domain.outcomes import DeadLetter, OutOfTime, Unavailable
from audience_uploader.tiktok.errors import (
    AudienceBusy,
    BelowMinimum,
    CredentialsRefused,
    RateLimited,
    ServerFault,
    TikTokError,
)

BUGS_IN_A_ROW = 5

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (CreateUnanswered, backoff.CREATE_UNANSWERED),
    (RateLimited, backoff.RATE_LIMITED),
    (CredentialsRefused, backoff.CREDENTIALS),
    (AudienceBusy, backoff.AUDIENCE_BUSY),
    (ServerFault, backoff.TRANSIENT),
    (Unavailable, backoff.TRANSIENT),
    (OutOfTime, backoff.TRANSIENT),  # nothing was done at all: TikTok was too slow for one answer
)


def wait_kind(error: Exception) -> str:
    """The kind of wait after an error; an exception that nobody planned is a bug."""
    return next((kind for cls, kind in _KINDS if isinstance(error, cls)), backoff.UNEXPECTED)


def verdict(error: Exception) -> DeadLetter | None:
    """The dead-letter reason of an error that no waiting helps, else None."""
    if isinstance(error, DeadLetter):
        return error
    if isinstance(error, BelowMinimum):
        return DeadLetter(
            "below_minimum",
            "TikTok refused the change because fewer than 1,000 people would be left in the "
            f"audience: {error}. Drop a larger file, then redrive this message.",
        )
    if isinstance(error, TikTokError) and wait_kind(error) == backoff.UNEXPECTED:
        return DeadLetter(
            "tiktok_refused",
            f"TikTok refused the call: {error}. Look the code up in TikTok's list of return "
            "codes, mend the cause, then redrive this message.",
        )
    return None


def next_wait(record: AudienceState, kind: str, *, now: float, base: float, drop: str) -> Wait:
    """The wait after one more error of a kind; waits of another kind begin at the shortest.

    WaitingNotes in the record since when the audience is busy, which outlasts waits of other kinds.
    """
    if kind == backoff.AUDIENCE_BUSY:
        record.busy_since = record.busy_since or now
    last = record.wait if record.wait and record.wait.kind == kind else None
    count = last.count + 1 if last else 0
    not_before = now + backoff.delay(kind, count, base=base)
    return Wait(kind, count, last.since if last else now, not_before, drop)


def too_long(record: AudienceState, wait: Wait, *, now: float) -> DeadLetter | None:
    """The reason to stop waiting: an audience that never became editable, a bug that stays."""
    if wait.kind == backoff.UNEXPECTED and (wait.count + 1) % BUGS_IN_A_ROW == 0:
        return DeadLetter(
            "unexpected",
            f"The uploader failed {BUGS_IN_A_ROW} times in a row on this audience; its log says "
            "where. Report it, deploy the mended version, then redrive this message.",
        )
    busy_since = max(record.busy_since or now, record.changed_at or 0)
    if wait.kind == backoff.AUDIENCE_BUSY and now - busy_since > backoff.STUCK_AFTER:
        return DeadLetter(
            "audience_stuck",
            "TikTok has not let this audience be changed for 72 hours: it matched too few "
            "people, or failed. Look at it in Ads Manager; delete it there if it is of no use, "
            "then redrive this message and a new one is made.",
        )
    return None
