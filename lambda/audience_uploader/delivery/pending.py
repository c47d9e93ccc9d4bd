"""What is there for an audience and format: its drops, and which of them have no receipt."""

from dataclasses import dataclass

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.domain.actions import REMOVE
from audience_uploader.domain.advice import ROOT
from audience_uploader.domain.drop import Drop

Version = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """All drops of an audience and format, and the versions that have no receipt."""

    drops: list[Drop]
    open_versions: set[Version]

    @property
    def receipted_keys(self) -> list[str]:
        """The keys of files to add that were concluded before, oldest first."""
        done = [
            d for d in self.drops if d.version not in self.open_versions and d.key.action != REMOVE
        ]
        return [d.key.key for d in sorted(done, key=lambda d: d.modified_at)]

    def alone(self, drop: Drop) -> "Listed":
        """Return it without the open drops but this one and the parts of its set."""
        opened = self.open_versions
        mine = [d for d in self.drops if d.version not in opened or _together(d, drop)]
        return Listed(mine, opened & {d.version for d in mine})


class Listing:
    """Lists drops and receipts of one bucket."""

    def __init__(self, drops: DropStore, receipts: ReceiptStore) -> None:
        self._drops = drops
        self._receipts = receipts

    def of(self, audience: str, calculate_type: str) -> Listed:
        """Return what is there now; raises Unavailable."""
        drops = list(self._drops.listing(audience, calculate_type))
        versions = [d.version for d in drops]
        return Listed(drops, self._receipts.without(versions, f"{ROOT}/{audience}/"))


def _together(drop: Drop, own: Drop) -> bool:
    same_set = own.key.set_name is not None and drop.key.set_name == own.key.set_name
    return drop.version == own.version or same_set
