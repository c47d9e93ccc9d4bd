"""How many different identifiers were seen, exactly, as long as they are few."""

_ROW_BYTES = 65
_STEP_BYTES = 1000 * _ROW_BYTES


class DistinctIds:
    """Counts distinct rows up to a limit, in memory of that size; past it, adding costs nothing."""

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._seen: set[bytes] = set()
        self.count = 0

    def add(self, block: bytes) -> None:
        """Take in the rows of a block as scrub yields it; `count` then holds the number so far."""
        for start in range(0, len(block), _STEP_BYTES):
            if self.count >= self._limit:
                return
            self._seen.update(block[start : start + _STEP_BYTES].split())
            self.count = min(len(self._seen), self._limit)
            if self.count == self._limit:
                self._seen.clear()
