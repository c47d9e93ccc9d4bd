"""One measurement in a process of its own: `python -m local.bench.measure <JSON>` prints JSON.

In: `path` of the base file, `top` (text), `packed`, `repeat`, `rounds`, `pinned` (to one CPU). Out:
`bytes` of content, `seconds` of scrubbing into upload files, `md5_seconds` of MD5 alone over the
same bytes (best of the rounds, taken in turn), `csv_seconds` of reading the same rows with the csv
module, `valid` and `invalid` rows, and `peak_bytes`, the process's peak memory until then. Pinned
to one CPU, seconds are those of that CPU, all threads included: others that use it don't count.
"""

import csv
import gzip
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audience_uploader.delivery.upload_file import UploadFile
from audience_uploader.delivery.upload_packer import LARGEST_UPLOAD
from audience_uploader.rows import RowCounts, scrub

from local.bench.process import peak_bytes, pin_to_one_cpu

_BLOCK_BYTES = 256 * 1024  # as they come from S3

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Drop:
    """A drop that is as long as its base file is often repeated."""

    path: Path
    top: bytes
    packed: bool
    repeat: int

    def blocks(self) -> Iterator[bytes]:
        """Yield the drop as it is stored."""
        if self.top:
            yield self.top
        yield from self._repeated(packed=False)

    def content(self) -> Iterator[bytes]:
        """Yield the drop's text: what a gzip unpacks to."""
        if self.top:
            yield self.top
        yield from self._repeated(packed=self.packed)

    def _repeated(self, *, packed: bool) -> Iterator[bytes]:
        for _ in range(self.repeat):
            with gzip.open(self.path) if packed else self.path.open("rb", buffering=0) as file:
                while block := file.read(_BLOCK_BYTES):
                    yield block


def _md5_alone(drop: Drop, clock: Clock) -> tuple[float, int]:
    """Return the seconds spent in MD5 alone, reading not included, and the bytes of content."""
    md5, seconds, size = hashlib.md5(usedforsecurity=False), 0.0, 0
    for block in drop.content():
        start = clock()
        md5.update(block)
        seconds += clock() - start
        size += len(block)
    return seconds, size


def _scrubbed(drop: Drop, counts: RowCounts, clock: Clock) -> float:
    """Return the seconds from the first block read to the last upload closed, MD5 included."""
    start = clock()
    upload = _upload(drop.path)
    for rows in scrub(drop.blocks(), "EMAIL_SHA256", counts):
        if upload.size + len(rows) > LARGEST_UPLOAD:
            upload.finish().remove()
            upload = _upload(drop.path)
        upload.append(rows)
    upload.finish().remove()
    return clock() - start


def _upload(path: Path) -> UploadFile:
    return UploadFile(path.with_suffix(".upload"))


def _read_by_csv(drop: Drop, clock: Clock) -> float:
    """Return the seconds that the csv module takes for the same rows, with nothing done to them."""
    start = clock()
    for _ in csv.reader(_lines(drop)):
        pass
    return clock() - start


def _lines(drop: Drop) -> Iterator[str]:
    rest = b""
    for block in drop.content():
        whole, found, rest = (rest + block).rpartition(b"\n")
        yield from (whole + found).decode().splitlines(keepends=True)
    yield rest.decode()


def measured(drop: Drop, *, rounds: int, clock: Clock) -> dict[str, Any]:
    """Return the figures of one drop, each time the best of so many rounds."""
    md5_seconds, seconds = [], []
    for _ in range(rounds):
        alone, size = _md5_alone(drop, clock)
        md5_seconds.append(alone)
        counts = RowCounts()
        seconds.append(_scrubbed(drop, counts, clock))
    peak = peak_bytes()
    return {
        "bytes": size,
        "seconds": min(seconds),
        "md5_seconds": min(md5_seconds),
        "csv_seconds": min(_read_by_csv(drop, clock) for _ in range(min(rounds, 3))),
        "valid": counts.valid,
        "invalid": counts.invalid,
        "peak_bytes": peak,
    }


def main() -> None:
    """Measure what the one argument names."""
    asked = json.loads(sys.argv[1])
    if asked["pinned"]:
        pin_to_one_cpu()
    drop = Drop(Path(asked["path"]), asked["top"].encode(), asked["packed"], asked["repeat"])
    clock = time.process_time if asked["pinned"] else time.perf_counter
    print(json.dumps(measured(drop, rounds=asked["rounds"], clock=clock)))


if __name__ == "__main__":
    main()
