"""Sets: a folder under `replace/` stands for the whole content of an audience."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from audience_uploader.domain.actions import REPLACE
from audience_uploader.domain.drop import CONFIRMED, Drop


@dataclass(frozen=True, slots=True)
class DropSet:
    """All objects of one set's folder, oldest first; times in seconds since the epoch.

    `open_parts` are those without a receipt, at least one.
    """

    name: str
    parts: list[Drop]
    open_parts: list[Drop]

    @property
    def at(self) -> float:
        """The set's time: that of its oldest object."""
        return min(part.modified_at for part in self.parts)

    @property
    def youngest(self) -> float:
        """The time of its youngest object."""
        return max(part.modified_at for part in self.parts)

    @property
    def confirmation_keys(self) -> list[str]:
        """The keys where an object confirms that the set may be much smaller than the last."""
        folders = {folder_of(part) for part in self.parts}
        return sorted(f"{folder}/{CONFIRMED}" for folder in folders)


def folder_of(part: Drop) -> str:
    """Return the folder of a part's set: `tiktok/<audience>/<format>/replace/<set>`."""
    return "/".join(part.key.key.split("/")[:5])


def pending_sets(
    listed: Iterable[Drop], open_versions: Collection[tuple[str, str]], order: Callable[[Drop], Any]
) -> tuple[list[DropSet], list[Drop]]:
    """Return the sets of which some part has no receipt, whole, and all other open drops.

    A folder of nothing but empty objects is no set.
    """
    folders: dict[str, list[Drop]] = {}
    single = []
    for drop in sorted(listed, key=order):
        if drop.key.action == REPLACE and drop.key.set_name is not None:
            folders.setdefault(drop.key.set_name, []).append(drop)
        elif drop.version in open_versions:
            single.append(drop)
    sets = [
        DropSet(name, parts, [p for p in parts if p.version in open_versions])
        for name, parts in folders.items()
        if any(p.size for p in parts)
    ]
    return [s for s in sets if s.open_parts], single
