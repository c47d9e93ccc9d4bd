"""What follows when functions died, or failed, at work on an audience: one drop is to blame."""

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter

_CRASHES_IN_A_ROW = 5
_CRASHES_OF_ANY = 10  # when it is not the message's own drop that the last holder died with
_ALONE_AFTER = 3  # crashes or bugs in a row, from then on only the message's own drop is taken


def crash_refusal(held: HeldLease, drop: Drop) -> DeadLetter | None:
    """Return why a drop's message is given up on after functions died again and again, or None."""
    crashes = held.state.crashes
    most = _CRASHES_IN_A_ROW if held.died_with == drop.key.key else _CRASHES_OF_ANY
    return crashed(crashes) if crashes >= most else None


def goes_alone(state: AudienceState) -> bool:
    """Tell whether only the message's own drop may be taken: that tells the bad one from others."""
    wait = state.wait
    bugs = wait.count + 1 if wait and wait.kind == backoff.UNEXPECTED else 0
    return max(state.crashes, bugs) >= _ALONE_AFTER


def crashed(times: int) -> DeadLetter:
    """Return why a message is given up on after its function died again and again."""
    return DeadLetter(
        "crashed",
        f"The function died {times} times in a row while it worked on this audience "
        "(out of memory, or out of time); its log says more. Split the drop or fix the cause, "
        "then redrive this message.",
    )
