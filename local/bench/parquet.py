"""Parquet in the bench: `python -m local.bench.parquet` prints a line for each kind of file.

Speed and MD5 are those of the rows that come out, as CPU time of the whole process, DuckDB's thread
included: what one CPU would take. Needs duckdb (requirements-dev.txt).
"""

import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows import LIMIT_BYTES
from audience_uploader.rows.parquet import ParquetRows

from local.bench.process import figures_from, peak_bytes, pin_to_one_cpu

_MEGA = 1_000_000
_ROUNDS = 3
_ROW_BYTES = 65
_TEXT, _BINARY = "sha256(n::VARCHAR)", "unhex(sha256(n::VARCHAR))"
FILES = [(_TEXT, "snappy"), (_TEXT, "gzip"), (_TEXT, "zstd"), (_BINARY, "snappy")]


def write(path: Path, value: str, compression: str, *, rows: int) -> None:
    """Write a file of so many distinct hashes."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (SELECT {value} AS email_sha256 FROM range({rows}) AS t(n)) TO '{path}'"
            f" (FORMAT parquet, COMPRESSION {compression})"
        )


def figures_of(path: Path) -> dict[str, Any]:
    """Return `bytes` of rows, `seconds`, `md5_seconds` and `peak_bytes` of scrubbing a file.

    On one CPU, the best of some rounds.
    """
    pin_to_one_cpu()
    rounds = [_round(path) for _ in range(_ROUNDS)]
    best = min(rounds, key=lambda figures: figures["seconds"])
    md5_seconds = min(figures["md5_seconds"] for figures in rounds)
    return {**best, "md5_seconds": md5_seconds, "peak_bytes": peak_bytes()}


def _round(path: Path) -> dict[str, float]:
    md5, md5_seconds, size, start = hashlib.md5(usedforsecurity=False), 0.0, 0, time.process_time()
    file = ParquetRows(path, "EMAIL_SHA256")
    once = file.at_most <= LIMIT_BYTES  # as the function, which has the disk for it
    for rows in file.scrub(RowCounts(), limit=LIMIT_BYTES, tentative=once):
        began = time.thread_time()
        md5.update(rows)
        md5_seconds += time.thread_time() - began
        size += len(rows)
    return {"bytes": size, "seconds": time.process_time() - start, "md5_seconds": md5_seconds}


def measured(value: str, compression: str, folder: Path, *, size: int) -> dict[str, Any]:
    """Return the figures of about `size` bytes of rows, taken in a process of its own."""
    path = folder / "drop.parquet"
    write(path, value, compression, rows=size // _ROW_BYTES)
    return figures_from("local.bench.parquet", str(path))


def main() -> None:
    """Print the figures of the file that is named, or the table."""
    if len(sys.argv) > 1:
        print(json.dumps(figures_of(Path(sys.argv[1]))))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for value, compression in FILES:
            name = f"Parquet, {'text' if value == _TEXT else 'binary'}, {compression}"
            found = measured(value, compression, Path(folder), size=64 * _MEGA)
            speed = found["bytes"] / found["seconds"]
            ratio = found["md5_seconds"] / found["seconds"]
            peak = found["peak_bytes"] / _MEGA
            print(f"{name:30} {speed / _MEGA:7.0f} MB/s {ratio:7.2f} x MD5 (0.10) {peak:8.1f} MB")


if __name__ == "__main__":
    main()
