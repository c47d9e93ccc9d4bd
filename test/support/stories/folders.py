"""What a set's folder held at the moment of a call."""

from collections.abc import Iterator

from support.stories.ledger import Change
from support.stories.timeline import GOOD, Timeline, Version, set_second


class Folders:
    """Compares the sets that TikTok took with the folders they stand for."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    def at_call(self, change: Change) -> Iterator[list[Version]]:
        """Yield the whole folders that a set's change is equal to, the latest first.

        The folder may be written to while the function works, so any moment of the try counts.
        """
        name = str(change.versions[0].set_name)
        for tick in range(change.tick, change.began - 1, -1):
            folder = self._timeline.folder(change.name, name, tick)
            with_rows = {v for v in folder if v.ids}
            if with_rows == set(change.versions) and not any(_is_bad(v) for v in folder):
                yield folder

    def second_of(self, change: Change) -> int:
        """Return the time of a change's set, as its folder was at the call."""
        return set_second(next(self.at_call(change), change.versions))


def _is_bad(version: Version) -> bool:
    return not version.ids and version.content not in (GOOD, "no rows")
