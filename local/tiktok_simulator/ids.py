"""Sets of hashed ids, packed: 32 bytes an id instead of the 100 and more of a Python set."""

from collections.abc import Iterator

_BUCKETS = 256


class PackedSet:
    """An immutable set of digests of one width (bytes), held as 256 packed buckets by first byte.

    Only one bucket at a time is ever unpacked, so a union of millions needs little extra memory.
    """

    __slots__ = ("_buckets", "width")

    def __init__(self, width: int, buckets: list[bytes] | None = None) -> None:
        self.width = width
        self._buckets = buckets or [b""] * _BUCKETS

    def __len__(self) -> int:
        return sum(map(len, self._buckets)) // self.width

    def __iter__(self) -> Iterator[bytes]:
        for bucket in self._buckets:
            yield from sorted(self._unpacked(bucket))

    def __or__(self, other: "PackedSet") -> "PackedSet":
        pairs = zip(self._buckets, other._buckets, strict=True)
        return PackedSet(self.width, [self._united(a, b) for a, b in pairs])

    def __sub__(self, other: "PackedSet") -> "PackedSet":
        pairs = zip(self._buckets, other._buckets, strict=True)
        return PackedSet(self.width, [self._without(a, b) for a, b in pairs])

    def _unpacked(self, bucket: bytes) -> set[bytes]:
        width = self.width
        return {bucket[i : i + width] for i in range(0, len(bucket), width)}

    def _united(self, a: bytes, b: bytes) -> bytes:
        if not a or not b:
            return a or b
        mine = self._unpacked(a)
        fresh = self._unpacked(b) - mine
        return a + b"".join(fresh) if fresh else a

    def _without(self, a: bytes, b: bytes) -> bytes:
        return b"".join(self._unpacked(a) - self._unpacked(b)) if a and b else a


class PackedSetBuilder:
    """Collects digests, repeats allowed; `build` gives the set of them."""

    __slots__ = ("_buckets", "added", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self.added = 0
        self._buckets: list[bytearray] | None = None

    def add(self, digests: bytes) -> None:
        """Add digests laid end to end; the length must be a multiple of the width."""
        if self._buckets is None:
            self._buckets = [bytearray() for _ in range(_BUCKETS)]
        buckets, width = self._buckets, self.width
        for i in range(0, len(digests), width):
            buckets[digests[i]] += digests[i : i + width]
        self.added += len(digests) // width

    def build(self) -> PackedSet:
        """Return the set of all that was added; the builder is empty afterwards."""
        if self._buckets is None:
            return PackedSet(self.width)
        packed = []
        for bucket in self._buckets:
            packed.append(self._distinct(bytes(bucket)))
            bucket.clear()
        return PackedSet(self.width, packed)

    def _distinct(self, bucket: bytes) -> bytes:
        return b"".join({bucket[i : i + self.width] for i in range(0, len(bucket), self.width)})


class Ids:
    """The ids of an audience or a file: a packed set per kind, "" where the file has one kind."""

    __slots__ = ("_kinds",)

    def __init__(self, kinds: dict[str, PackedSet] | None = None) -> None:
        self._kinds = kinds or {}

    def __len__(self) -> int:
        return sum(map(len, self._kinds.values()))

    def __or__(self, other: "Ids") -> "Ids":
        kinds = dict(self._kinds)
        for kind, packed in other._kinds.items():
            kinds[kind] = kinds[kind] | packed if kind in kinds else packed
        return Ids(kinds)

    def __sub__(self, other: "Ids") -> "Ids":
        gone = other._kinds
        return Ids({k: p - gone[k] if k in gone else p for k, p in self._kinds.items()})

    def listed(self) -> list[str]:
        """Return all ids in order, lower-case hex; of a file with several kinds as `kind:hex`."""
        return [
            f"{kind}:{digest.hex()}" if kind else digest.hex()
            for kind, packed in sorted(self._kinds.items())
            for digest in packed
        ]


def ids_of(hexes: list[str]) -> Ids:
    """Ids from hex strings that are all 32 or all 64 long; ValueError for anything else."""
    if not hexes:
        return Ids()
    width = len(hexes[0]) // 2
    if width not in (16, 32) or any(len(h) != width * 2 for h in hexes):
        raise ValueError("ids must all be 64 (SHA-256) or all 32 (MD5) hex characters")
    builder = PackedSetBuilder(width)
    builder.add(bytes.fromhex("".join(hexes)))
    return Ids({"": builder.build()})
