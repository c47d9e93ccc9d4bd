"""`python -m local.bench`: a table of how fast drops of each shape are scrubbed, and how small.

Each row is measured in a fresh process that scrubs the drop into upload files, MD5 included, and
takes MD5 alone over the same bytes in turn. MD5 is the floor: TikTok's API demands it. Pinned to
one CPU, as the function has one, it is CPU time that counts.
"""

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from local.bench.process import figures_from
from local.bench.shapes import BASE_BYTES, CLEAN, ROW_BYTES, SHAPES, SMALL_ROWS, Shape

_MEGA = 1_000_000


def measured(
    shape: Shape, folder: Path, *, size: int, rounds: int, pinned: bool = True
) -> dict[str, Any]:
    """Return the figures of measure.py for a drop of this shape and of about `size` bytes."""
    path = folder / "base"
    shape.write(path, size=min(size, BASE_BYTES))
    asked = {
        "path": str(path),
        "top": shape.top.decode(),
        "packed": shape.packed,
        "repeat": max(1, round(size / BASE_BYTES)),
        "rounds": rounds,
        "pinned": pinned,
    }
    return figures_from("local.bench.measure", json.dumps(asked))


def speed_row(name: str, target: float, figures: dict[str, Any]) -> str:
    """Return a line of the table of speeds."""
    ratio = figures["md5_seconds"] / figures["seconds"]
    by_csv = figures["csv_seconds"] / figures["seconds"]
    wanted = f"{target:.2f}" if target else "-"
    result = "" if not target else "reached" if ratio >= target else "MISSED"
    return (
        f"{name:30} {figures['bytes'] / figures['seconds'] / _MEGA:7.0f}"
        f" {figures['bytes'] / figures['md5_seconds'] / _MEGA:7.0f} {ratio:7.2f} {wanted:>9}"
        f" {by_csv:7.1f} {figures['peak_bytes'] / _MEGA:8.1f}  {result}"
    )


def print_speeds(folder: Path, *, size: int, rounds: int, pinned: bool) -> None:
    """Print the table of speeds, a row at a time; what is to reach counts on one CPU."""
    where = "pinned to one CPU" if pinned else f"{os.cpu_count()} CPUs"
    print(
        f"Python {platform.python_version()}, {where}, drops of {size // _MEGA} MB and small ones"
    )
    print(
        f"{'':30} {'MB/s':>7} {'MD5':>7} {'x MD5':>7} {'to reach':>9} {'x csv':>7} {'peak MB':>8}"
    )
    for rows, target in SMALL_ROWS.items():
        often = rounds * max(1, 100_000 // rows)
        figures = measured(
            CLEAN, folder, size=rows * ROW_BYTES, rounds=min(often, 200), pinned=pinned
        )
        print(speed_row(f"clean LF, {rows:,} rows", target * pinned, figures), flush=True)
    for shape in SHAPES:
        figures = measured(shape, folder, size=size, rounds=rounds, pinned=pinned)
        print(speed_row(shape.name, shape.target * pinned, figures), flush=True)


def print_memory(folder: Path, *, small: int, large: int) -> None:
    """Print the peak memory of a small and of a large drop."""
    peaks = []
    for size in (small, large):
        peaks.append(measured(CLEAN, folder, size=size, rounds=1)["peak_bytes"] / _MEGA)
        print(f"peak memory at {size // _MEGA:5} MB: {peaks[-1]:6.1f} MB", flush=True)
    result = "reached" if peaks[1] - peaks[0] <= 40 else "MISSED"
    print(f"difference: {peaks[1] - peaks[0]:.1f} MB (to reach: 40 or less)  {result}")


def main() -> None:
    """Measure all rows and print them."""
    parser = argparse.ArgumentParser(prog="python -m local.bench", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=64, help="size of each drop")
    parser.add_argument("--large-megabytes", type=int, default=2000, help="the largest drop")
    parser.add_argument("--rounds", type=int, default=9, help="the best of so many counts")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for pinned in (True, False):
            print_speeds(
                Path(folder), size=asked.megabytes * _MEGA, rounds=asked.rounds, pinned=pinned
            )
        print_memory(Path(folder), small=50 * _MEGA, large=asked.large_megabytes * _MEGA)


if __name__ == "__main__":
    main()
