"""Hashing in the bench: `python -m local.bench.hashing` prints how fast `audiencectl hash` is.

Rows a second of lists that are e-mail addresses or phone numbers, beside the csv module alone over
the same list, as CPU time of a process of its own; and its peak memory for a short and a long list,
which must be about the same.
"""

import csv
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audiencectl.hashing.normalise import Forms
from audiencectl.hashing.run import hash_file
from local.bench.process import figures_from, peak_bytes

_MEGA = 1_000_000
KINDS: dict[str, Callable[[int], str]] = {
    "email": lambda number: f"Someone.{number}@Example.com",
    "phone": lambda number: f"07400 {number % _MEGA:06d}",
}
LISTS = [("email", 100_000), ("email", 1_000_000), ("phone", 20_000), ("phone", 100_000)]


def write(path: Path, kind: str, *, rows: int) -> None:
    """Write a list of so many identifiers of a kind, with a header and a second column."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([kind, "country"])
        writer.writerows([KINDS[kind](number), "GB"] for number in range(rows))


def figures_of(path: Path) -> dict[str, Any]:
    """Return `rows`, and the `seconds`, `csv_seconds` and `peak_bytes` of hashing a list."""
    start = time.process_time()
    with tempfile.TemporaryDirectory(dir=path.parent) as out:
        read = hash_file(path, Path(out), wanted={}, forms=Forms(country="GB")).read
    seconds, peak = time.process_time() - start, peak_bytes()
    start = time.process_time()
    with path.open(newline="") as file:
        for _ in csv.reader(file):
            pass
    csv_seconds = time.process_time() - start
    return {"rows": read, "seconds": seconds, "csv_seconds": csv_seconds, "peak_bytes": peak}


def main() -> None:
    """Print the figures of the list that is named, or the table."""
    if len(sys.argv) > 1:
        print(json.dumps(figures_of(Path(sys.argv[1]))))
        return
    print(f"{'audiencectl hash':30} {'rows/s':>9} {'csv alone':>10} {'x csv':>7} {'peak MB':>8}")
    for kind, rows in LISTS:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            path = Path(folder, "list.csv")
            write(path, kind, rows=rows)
            found = figures_from("local.bench.hashing", str(path))
        speed, by_csv = (found["rows"] / found[name] for name in ("seconds", "csv_seconds"))
        print(
            f"{f'{kind}, {rows:,} rows':30} {speed:9,.0f} {by_csv:10,.0f} {speed / by_csv:7.2f}"
            f" {found['peak_bytes'] / _MEGA:8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
