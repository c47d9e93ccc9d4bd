"""Tell the receipts of a change what TikTok made of it."""

from contextlib import suppress

from audience_uploader.adapters.aws_errors import ObjectNotFound
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.domain import receipt_outcome
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.open_change import (
    EXPIRED,
    FAILED,
    GONE,
    TOO_SMALL,
    UNCLEAR,
    OpenChange,
)
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.domain.receipt import DELIVERED
from audience_uploader.domain.times import Clock, from_iso
from audience_uploader.observability import Observer

Version = tuple[str, str]

_ADVICE = {
    TOO_SMALL: "TikTok matched fewer than 1,000 people, so the audience can't be used or changed. "
    "Delete it in Ads Manager and drop a larger file.",
    UNCLEAR: "TikTok shows an error text that was there before this change as well, so it can't "
    "be told whether this change was applied. Look at the audience in Ads Manager.",
    GONE: "The audience is gone from TikTok; the next file dropped for it makes it anew.",
    EXPIRED: "The audience has expired at TikTok; the next file dropped for it makes it anew.",
}


def failed_refusal(error: str | None) -> DeadLetter:
    """Return why a drop comes back whose change TikTok accepted and then failed."""
    said = f" It said: {error}." if error else ""
    return DeadLetter(
        "tiktok_failed",
        f"TikTok accepted this change and then could not apply it.{said} Look at the audience in "
        "Ads Manager (delete it if it was never usable), then redrive this message to send the "
        "file again.",
    )


class OutcomeWriter:
    """Writes outcomes into the receipts of exactly the drops of a change."""

    def __init__(
        self,
        objects: JsonStore,
        receipts: ReceiptStore,
        rejections: Rejections,
        observer: Observer,
        clock: Clock,
    ) -> None:
        self._objects = objects
        self._receipts = receipts
        self._rejections = rejections
        self._observer = observer
        self._clock = clock

    def write_owed(
        self, state: AudienceState, invocation: Invocation, *, error: str | None = None
    ) -> bool:
        """Write all outcomes that are known and not told; tell whether there were any.

        Raises OutOfTime or Unavailable; then the rest is still owed.
        """
        any_owed = bool(state.closed_changes)
        while state.closed_changes:
            self._write(state.closed_changes[0], state, invocation, error)
            state.closed_changes = state.closed_changes[1:]
        return any_owed

    def _write(
        self,
        change: OpenChange,
        state: AudienceState,
        invocation: Invocation,
        error: str | None,
    ) -> None:
        listed, _ = self._objects.find(change.drops_at)
        versions = [(key, etag) for key, etag in (listed or {}).get("drops", [])]
        if change.outcome == FAILED:
            self._fail(change, versions, invocation, failed_refusal(error))
        else:
            self._tell(change, versions, invocation)
        self._observer.outcome(change, drops=len(versions), audience=state.audience_name)
        with suppress(ObjectNotFound):
            self._objects.delete(change.drops_at)

    def _tell(self, change: OpenChange, versions: list[Version], invocation: Invocation) -> None:
        def told(receipt: dict[str, object]) -> dict[str, object] | None:
            if receipt["status"] != DELIVERED:
                return None
            return receipt_outcome.with_outcome(
                receipt,
                state=change.outcome or "",
                size=change.size,
                at=change.outcome_at or self._clock(),
                advice=_ADVICE.get(change.outcome or ""),
            )

        self._receipts.change_all(versions, told, before_each=invocation.deadline.for_receipts)

    def _fail(
        self,
        change: OpenChange,
        versions: list[Version],
        invocation: Invocation,
        refusal: DeadLetter,
    ) -> None:
        """Turn receipts into refusals, each after its dead letter (one for a whole set)."""
        told = False
        for version in versions:
            invocation.deadline.for_receipts()
            found = self._receipts.find(version)
            if found is None or found["status"] != DELIVERED:
                told = told or found is not None
                continue
            if not (change.set_name and told):
                self._rejections.tell(_drop_of(version, found), refusal)
                told = True
            text = receipt_outcome.failed(
                found, refusal, outcome_at=change.outcome_at or 0, now=self._clock()
            )
            self._receipts.write(version, text)
            self._observer.rejected(text)


def _drop_of(version: Version, receipt: dict[str, object]) -> Drop:
    told: dict[str, object] = dict(receipt["drop"])  # type: ignore[call-overload]
    times: dict[str, str] = dict(receipt["times"])  # type: ignore[call-overload]
    size = int(str(told["bytes"]))
    return Drop(parse_key(version[0]), version[1], size, from_iso(times["dropped_at"]))
