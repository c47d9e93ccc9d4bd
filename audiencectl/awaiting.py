"""Wait for what becomes of a drop: its receipt, and then TikTok's outcome."""

from dataclasses import dataclass
from typing import Any

from audiencectl import waits
from audiencectl.outcomes import outcome_sentence, sentence
from audiencectl.session import Session
from audiencectl.store import Listed, Store
from audiencectl.words import seconds_of

_EVERY = 2.0
_EVERY_LATER = 60.0
_QUICK = 120.0
_NOT_KNOWN = (None, "processing")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a wait ended: in a sentence, with the receipt if there is one."""

    good: bool
    text: str
    receipt: dict[str, Any] | None = None


def await_drop(
    session: Session, store: Store, drop: Listed, *, ready: bool, timeout: float
) -> Answer:
    """Return what became of a drop version: final, or what it waits for when time is up.

    With `ready` a delivered drop is followed until TikTok's outcome is known.
    """
    start = session.clock()
    while True:
        receipt = _of_this_upload(store.receipt(drop["key"], drop["etag"]), drop)
        if answer := _final(receipt, ready=ready) or _overtaken(store, drop, receipt):
            return answer
        passed = session.clock() - start
        if passed >= timeout:
            return _still_waiting(session, store, drop, receipt)
        session.sleep(_EVERY if passed < _QUICK else min(_EVERY_LATER, timeout - passed))


def _of_this_upload(receipt: dict[str, Any] | None, drop: Listed) -> dict[str, Any] | None:
    """Leave out a refusal of the same bytes at an earlier time: they are being tried again."""
    if receipt is None or receipt.get("status") != "rejected":
        return receipt
    written = seconds_of((receipt.get("times") or {}).get("written_at"))
    earlier = written is not None and written < drop["modified"].timestamp()
    return None if earlier else receipt


def _final(receipt: dict[str, Any] | None, *, ready: bool) -> Answer | None:
    if receipt is None:
        return None
    if receipt.get("status") != "delivered":
        good = receipt.get("status") == "superseded" and not ready
        return Answer(good, sentence(receipt), receipt)
    if not ready:
        return Answer(True, sentence(receipt), receipt)
    state = (receipt.get("outcome") or {}).get("state")
    if state in _NOT_KNOWN:
        return None
    return Answer(state == "ready", f"{sentence(receipt)} {outcome_sentence(receipt)}", receipt)


def _overtaken(store: Store, drop: Listed, receipt: dict[str, Any] | None) -> Answer | None:
    if receipt is not None:
        return None
    now = store.head(drop["key"])
    if now is None:
        return Answer(False, "The file was deleted before it was delivered.")
    if now["etag"] != drop["etag"]:
        return Answer(
            False, "The file was overwritten before it was delivered; the new one counts."
        )
    return None


def _still_waiting(
    session: Session, store: Store, drop: Listed, receipt: dict[str, Any] | None
) -> Answer:
    if receipt:
        return Answer(False, f"{sentence(receipt)} {outcome_sentence(receipt)}", receipt)
    note = store.waiting_note(drop["key"], drop["etag"])
    told = " ".join(waits.of_note(note, session.clock())) if note else "Nothing became of it yet."
    return Answer(False, f"{told} More: audiencectl explain {drop['key']}")
