"""Cells into hashes, and the count of what became of each."""

import re
from dataclasses import dataclass, field
from hashlib import sha256

from audience_uploader.domain.row_counts import HASH_OF_NOTHING, Rejected
from audience_uploader.rows.placeholder_hashes import HASHES_OF_NOTHING

from audiencectl.hashing.digests import DistinctDigests
from audiencectl.hashing.normalise import Normalise, Unusable

_HASH = re.compile(r"\s*([0-9A-Fa-f]{64})\s*")
_OTHER_HASH = re.compile(
    r"\s*(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{56}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128})\s*"
)
_SHORTEST_HASH = 32
_OF_NOTHING = frozenset(bytes.fromhex(known.decode()) for known in HASHES_OF_NOTHING)


@dataclass(slots=True)
class Tally:
    """What became of the cells of one kind: hashed, hashes already, or kept back by reason."""

    normalise: Normalise
    digests: DistinctDigests
    hashed: int = 0
    already_hashed: Rejected = field(default_factory=Rejected)
    rejected: dict[str, Rejected] = field(default_factory=dict)

    def add(self, cell: str, line: int) -> None:
        """Hash one cell, or count it as what it is; `line` is its one-based number in the file."""
        if len(cell) >= _SHORTEST_HASH and "@" not in cell and self._add_hash(cell, line):
            return
        try:
            text = self.normalise(cell)
        except Unusable as unusable:
            self.reject(unusable.reason, line)
            return
        digest = sha256(text.encode()).digest()
        if digest in _OF_NOTHING:  # what the function would leave out is not hashed at all
            self.reject("placeholder", line)
            return
        self.digests.add(digest)
        self.hashed += 1

    def reject(self, reason: str, line: int) -> None:
        """Count a cell that could not be used."""
        self.rejected.setdefault(reason, Rejected()).add([line])

    def _add_hash(self, cell: str, line: int) -> bool:
        """Take a cell that is a hash already as it is; False for any other cell."""
        if found := _HASH.fullmatch(cell):
            digest = bytes.fromhex(found[1])
            if digest in _OF_NOTHING:
                self.reject(HASH_OF_NOTHING, line)
            else:
                self.digests.add(digest)
                self.already_hashed.add([line])
            return True
        if _OTHER_HASH.fullmatch(cell):
            self.reject("other_hash", line)
            return True
        return False
