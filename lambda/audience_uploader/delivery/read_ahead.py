"""Fetch small drops ahead of their turn: many of them take S3's time for an answer each."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.domain.drop import Drop

READ_AHEAD = 8  # drops
_AHEAD_BYTES = 1 << 20  # of a drop that is read ahead: eight of them are flat memory

Submit = Callable[[Callable[[], bytes]], "Future[bytes]"]


class ReadAhead:
    """Gives out drops in turn, and their bytes; without `submit` nothing is read ahead.

    `submit` runs a read in the background.
    """

    def __init__(self, drops: DropStore, submit: Submit | None) -> None:
        self._drops = drops
        self._submit = submit
        self._ahead: dict[tuple[str, str], Future[bytes]] = {}

    def in_turn(self, drops: Sequence[Drop]) -> Iterator[Drop]:
        """Yield the drops in order, while small ones that come next are fetched."""
        coming = deque(drops)
        next_up: deque[Drop] = deque()
        while coming or next_up:
            while coming and len(next_up) < READ_AHEAD:
                next_up.append(coming.popleft())
                self._fetch(next_up[-1])
            yield next_up.popleft()

    def blocks(self, drop: Drop) -> Iterator[bytes]:
        """Return the bytes of a drop; those fetched ahead once, after that from S3 again."""
        ahead = self._ahead.pop(drop.version, None)
        return iter([ahead.result()]) if ahead else self._drops.blocks(drop)

    def _fetch(self, drop: Drop) -> None:
        if self._submit and drop.size <= _AHEAD_BYTES:
            self._ahead[drop.version] = self._submit(lambda: b"".join(self._drops.blocks(drop)))
