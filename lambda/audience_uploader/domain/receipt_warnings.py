"""What the person who dropped a file should know beside its figures: a receipt's warnings."""

from collections.abc import Iterable

from audience_uploader.domain.actions import APPEND
from audience_uploader.domain.batch import CREATE, Accepted
from audience_uploader.domain.drop import DropKey
from audience_uploader.domain.row_counts import RowCounts

USABLE_FROM = 1000  # matched ids; TikTok leaves a smaller audience unusable

_TOO_FEW = (
    "Fewer than 1,000 different ids were sent to a new audience. TikTok needs 1,000 matched "
    "people before it can be used or changed; delete it and start with a larger file."
)
_PARTIAL = "TikTok took the call only in part (code 20001); look at the audience in Ads Manager."
_OTHER_TYPE = (
    "The file's header names another kind of identifier than the format in its key. If the header "
    "is right, TikTok will match nobody: drop the file under the right format and another name."
)
_RAW = "Raw identifiers were seen: hash before you upload; these lines were not sent."
_SAYS_TAKING_OUT = (
    "The file's own name sounds like people to be taken out, and they were added. To take them "
    "out, drop the file at tiktok/<audience>/<format>/remove/."
)


def row_warnings(counts: RowCounts, key: DropKey | None = None) -> tuple[str, ...]:
    """Return what the person who made the file should know about its rows and its name."""
    says_out = key is not None and key.action == APPEND and key.file_says_taking_out
    return (
        *(_RAW,) * counts.raw_identifiers,
        *(_OTHER_TYPE,) * counts.other_type,
        *(_SAYS_TAKING_OUT,) * says_out,
    )


def call_warnings(accepted: Accepted) -> list[str]:
    """Return what to know about the call that a drop was in."""
    few = accepted.action == CREATE and accepted.batch.distinct < USABLE_FROM
    return [_TOO_FEW] * few + [_PARTIAL] * accepted.partial + list(accepted.warnings)


def made_anew_warning(earlier: Iterable[str]) -> str:
    """Return what to tell of a drop whose audience had gone from TikTok; `earlier` are keys."""
    keys = list(earlier)
    shown = ", ".join(keys[-10:])
    more = f" and {len(keys) - 10:,} more" if len(keys) > 10 else ""
    again = f" To add them again, copy these files over themselves: {shown}{more}." if keys else ""
    return (
        "The audience was gone from TikTok and was made anew: it holds only the rows of this call "
        f"now.{again}"
    )
