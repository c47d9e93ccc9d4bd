"""`python -m local.bench`: a table of how fast drops of each shape are scrubbed, and how small.

Each row is measured in a fresh process that scrubs the drop into upload files, MD5 included, and
takes MD5 alone over the same bytes in turn. MD5 is the floor: TikTok's API demands it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from local.bench.shapes import BASE_BYTES, CLEAN, SHAPES, Shape

_ROOT = Path(__file__).parents[2]
_MEGA = 1_000_000


def measured(shape: Shape, folder: Path, *, size: int, rounds: int) -> dict[str, Any]:
    """Return the figures of measure.py for a drop of this shape and of about `size` bytes."""
    path = folder / "base"
    shape.write(path, size=min(size, BASE_BYTES))
    asked = {
        "path": str(path),
        "top": shape.top.decode(),
        "packed": shape.packed,
        "repeat": max(1, round(size / BASE_BYTES)),
        "rounds": rounds,
    }
    path_to_code = os.pathsep.join([str(_ROOT), str(_ROOT / "lambda")])
    done = subprocess.run(
        [sys.executable, "-m", "local.bench.measure", json.dumps(asked)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path_to_code},
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def speed_row(shape: Shape, figures: dict[str, Any]) -> str:
    """Return a line of the table of speeds."""
    ratio = figures["md5_seconds"] / figures["seconds"]
    wanted = f"{shape.target:.2f}" if shape.target else "-"
    verdict = "" if not shape.target else "reached" if ratio >= shape.target else "MISSED"
    return (
        f"{shape.name:30} {figures['bytes'] / figures['seconds'] / _MEGA:7.0f}"
        f" {figures['bytes'] / figures['md5_seconds'] / _MEGA:7.0f} {ratio:7.2f} {wanted:>9}"
        f" {figures['peak_bytes'] / _MEGA:8.1f}  {verdict}"
    )


def print_speeds(folder: Path, *, size: int, rounds: int) -> None:
    """Print the table of speeds, a row at a time."""
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, drops of {size // _MEGA} MB"
    )
    print(f"{'':30} {'MB/s':>7} {'MD5':>7} {'x MD5':>7} {'to reach':>9} {'peak MB':>8}")
    for shape in SHAPES:
        print(speed_row(shape, measured(shape, folder, size=size, rounds=rounds)), flush=True)


def print_memory(folder: Path, *, small: int, large: int) -> None:
    """Print the peak memory of a small and of a large drop."""
    peaks = []
    for size in (small, large):
        peaks.append(measured(CLEAN, folder, size=size, rounds=1)["peak_bytes"] / _MEGA)
        print(f"peak memory at {size // _MEGA:5} MB: {peaks[-1]:6.1f} MB", flush=True)
    verdict = "reached" if peaks[1] - peaks[0] <= 40 else "MISSED"
    print(f"difference: {peaks[1] - peaks[0]:.1f} MB (to reach: 40 or less)  {verdict}")


def main() -> None:
    """Measure all rows and print them."""
    parser = argparse.ArgumentParser(prog="python -m local.bench", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=64, help="size of each drop")
    parser.add_argument("--large-megabytes", type=int, default=2000, help="the largest drop")
    parser.add_argument("--rounds", type=int, default=9, help="the best of so many counts")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        print_speeds(Path(folder), size=asked.megabytes * _MEGA, rounds=asked.rounds)
        print_memory(Path(folder), small=50 * _MEGA, large=asked.large_megabytes * _MEGA)


if __name__ == "__main__":
    main()
