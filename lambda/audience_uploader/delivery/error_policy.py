"""What each error means for the audience's next try and for the message: the one table."""

from dataclasses import dataclass

from audience_uploader.adapters.json_store import DamagedObject
from audience_uploader.delivery.unanswered_create import CreateUnanswered
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.outcomes import DeadLetter, OutOfTime, Refusal, Unavailable
from audience_uploader.domain.state_parts import Wait
from audience_uploader.tiktok.errors import (
    AudienceBusy,
    BelowMinimum,
    CredentialsRefused,
    RateLimited,
    ServerFault,
    TikTokError,
)


@dataclass(frozen=True, slots=True)
class Waits:
    """The reason is expected to pass; `code` is what was answered, if anything."""

    kind: str
    code: str | None


_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (CreateUnanswered, backoff.CREATE_UNANSWERED),
    (RateLimited, backoff.RATE_LIMITED),
    (CredentialsRefused, backoff.CREDENTIALS),
    (AudienceBusy, backoff.AUDIENCE_BUSY),
    (ServerFault, backoff.TRANSIENT),
    (Unavailable, backoff.TRANSIENT),
    (OutOfTime, backoff.TRANSIENT),  # nothing was done at all: TikTok was too slow for one answer
)


def meaning_of(error: Exception) -> Waits | DeadLetter:
    """Return what an error means; an exception that nobody planned is a bug, and waits."""
    refusal = refusal_of(error)
    if refusal:
        return refusal
    kind = next((kind for cls, kind in _KINDS if isinstance(error, cls)), backoff.UNEXPECTED)
    return Waits(kind, _code(error))


def refusal_of(error: Exception) -> DeadLetter | None:
    """Return the dead letter of an error that no waiting helps, else None."""
    if isinstance(error, Refusal):
        return error.outcome()
    if isinstance(error, DamagedObject):
        return _damaged(error)
    if isinstance(error, BelowMinimum):
        return _below_minimum(error)
    if isinstance(error, TikTokError) and not isinstance(error, tuple(c for c, _ in _KINDS)):
        return DeadLetter(
            "tiktok_refused",
            f"TikTok refused the call: {error}. Look the code up in TikTok's list of return "
            "codes, put the cause right, then redrive this message.",
        )
    return None


def next_wait(state: AudienceState, waits: Waits, *, now: float, base: float, drop: str) -> Wait:
    """Return the wait after one more error of a kind; another kind begins at the shortest.

    Notes in the state since when the audience is busy, which outlasts waits of other kinds.
    """
    if waits.kind == backoff.AUDIENCE_BUSY:
        state.busy_since = state.busy_since or now
    last = state.wait if state.wait and state.wait.kind == waits.kind else None
    count = last.count + 1 if last else 0
    not_before = now + backoff.delay(waits.kind, count, base=base)
    return Wait(waits.kind, count, last.since if last else now, not_before, drop, waits.code)


def too_long(state: AudienceState, wait: Wait, *, now: float) -> DeadLetter | None:
    """Return why to stop waiting: an audience that never took edits again, a bug that stays."""
    if wait.kind == backoff.UNEXPECTED and (wait.count + 1) % backoff.BUGS_IN_A_ROW == 0:
        return unexpected()
    busy_since = max(state.busy_since or now, state.changed_at or 0)
    if wait.kind == backoff.AUDIENCE_BUSY and now - busy_since > backoff.STUCK_AFTER:
        return DeadLetter(
            "audience_stuck",
            "TikTok has not let this audience be changed for 72 hours: it matched too few "
            "people, or failed. Look at it in Ads Manager; delete it there if it is of no use, "
            "then redrive this message and a new one is made.",
        )
    return None


def unexpected() -> DeadLetter:
    """Return why a message is given up on after bugs in a row."""
    return DeadLetter(
        "unexpected",
        f"The uploader failed {backoff.BUGS_IN_A_ROW} times in a row here; its log says where. "
        "Report it, deploy the fixed version, then redrive this message.",
    )


def _below_minimum(error: BelowMinimum) -> DeadLetter:
    return DeadLetter(
        "below_minimum",
        "TikTok refused the change because fewer than 1,000 people would be left in the "
        f"audience: {error}. If you add, drop a larger file and redrive this message. If you take "
        "people out and nobody should be left, delete the audience in Ads Manager.",
    )


def _damaged(error: DamagedObject) -> DeadLetter:
    return DeadLetter(
        "damaged_record",
        f"The object {error.key} can't be read as what the uploader wrote. Restore it, or delete "
        "it (the audience is then found by its name), and redrive this message.",
    )


def _code(error: Exception) -> str | None:
    if isinstance(error, Unavailable):
        return error.code
    code = getattr(error, "code", None)
    return None if code is None else str(code)
