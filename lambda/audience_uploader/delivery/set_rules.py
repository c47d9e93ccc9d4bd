"""When a set may not be sent: it lives and dies as one (docs/decisions/0009)."""

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.delivery.drop_sets import DropSet
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.upload_packer import LARGEST_UPLOAD, MOST_UPLOADS
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.tiktok.models import Audience

SHRINKS = "shrinks_too_much"


class SetRules:
    """Refuses sets; `minimum_percent` of the last set's rows is the least (0: any size)."""

    def __init__(self, drops: DropStore, *, minimum_percent: float) -> None:
        self._drops = drops
        self._minimum_percent = minimum_percent

    def refusal(
        self,
        drop_set: DropSet,
        prepared: Prepared,
        state: AudienceState,
        audience: Audience | None,
    ) -> DeadLetter | None:
        """Return why this set can't be sent to this audience (None: a new one), or None."""
        if prepared.refused:
            return incomplete(*prepared.refused[0])
        if prepared.full:
            return _too_big()
        rows = prepared.batch.valid
        if not rows:
            return _empty()
        before = _rows_before(state, audience)
        if rows * 100 >= before * self._minimum_percent or self._confirmed(drop_set):
            return None
        return _shrinks(rows, before, drop_set, self._minimum_percent)

    def _confirmed(self, drop_set: DropSet) -> bool:
        return any(self._drops.confirms(key) for key in drop_set.confirmation_keys)


def _rows_before(state: AudienceState, audience: Audience | None) -> int:
    """Return what a set is measured against: the last set's rows, or all rows appended so far.

    Where version 0.1.0 appended without counting it is the people that TikTok matched, of which
    there are never more than rows.
    """
    if state.last_set:
        return state.last_set.rows
    if state.appended_rows is not None:
        return state.appended_rows
    return audience.size if audience else 0


def incomplete(part: Drop, why: DeadLetter) -> DeadLetter:
    """Return why a set is refused of which a part can't be sent."""
    return DeadLetter(
        "set_incomplete",
        f"The part {part.key.key} of this set can't be sent, so nothing of the set was: "
        f"{why.reason}: {why.message} Put the part right (or delete it) and redrive this message; "
        "writing any part anew does the same.",
        why.counts,
    )


def _too_big() -> DeadLetter:
    return DeadLetter(
        "too_big",
        f"The set is more than one call to TikTok takes ({MOST_UPLOADS} uploads of "
        f"{LARGEST_UPLOAD // 1_000_000} MB), and a part of it "
        "would replace everything: make the set smaller.",
    )


def _empty() -> DeadLetter:
    return DeadLetter(
        "no_valid_rows",
        "No part of this set holds a valid row. To empty an audience, delete it in Ads Manager.",
    )


def _shrinks(rows: int, before: int, drop_set: DropSet, percent: float) -> DeadLetter:
    return DeadLetter(
        SHRINKS,
        f"The set holds {rows:,} rows, less than {percent:g} % of the {before:,} before it, so "
        "nothing was changed at TikTok. If that is meant, put an empty object at "
        f"{drop_set.confirmation_keys[0]} and it is sent; if not, write the missing parts.",
    )
