"""`python -m local.fuzz --seconds N --seed S`: random drops until the time is over.

Each is scrubbed whole, cut at random, and read line by line; all must agree, every line must be
counted, and nothing but a documented refusal may be raised. The same seed gives the same drops.
"""

import argparse
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "lambda"))

from local.fuzz.drops import random_drop
from local.fuzz.oracle import CHUNK_SIZES, Result, cut, read_by_lines, read_in_blocks

_IDENTIFIER = re.compile(rb"[0-9a-f]{64}")
_REFUSALS = {"damaged_gzip", "unsupported_content", "ambiguous_columns", "too_big"}


def fault_with(content: bytes, chance: random.Random, figures: Counter[str]) -> str:
    """Return what is wrong with the reading of this drop, or ""; count what was seen."""
    chunk_bytes = chance.choice(CHUNK_SIZES)
    blocks = cut(content, [chance.randint(1, 200) for _ in range(5)])
    whole = read_in_blocks([content], chunk_bytes)
    _count(whole, len(content), figures)
    if whole != read_by_lines(content, chunk_bytes):
        return f"blocks and lines disagree, in chunks of {chunk_bytes}"
    if whole != read_in_blocks(blocks, chunk_bytes):
        return f"the cuts matter, in chunks of {chunk_bytes}"
    return _fault_in(whole)


def _fault_in(result: Result) -> str:
    if isinstance(result, str):
        return "" if result in _REFUSALS else f"an undocumented refusal: {result}"
    sent, counts = result
    if counts.read != counts.valid + counts.invalid + counts.header:
        return "the counts don't add up"
    rows = sent.splitlines()
    if len(rows) != counts.valid or any(
        len(row) != 64 or row.strip(b"0123456789abcdef") for row in rows
    ):
        return "something else than identifiers left"
    return ""


def _count(result: Result, size: int, figures: Counter[str]) -> None:
    figures.update(drops=1, bytes=size)
    if isinstance(result, str):
        figures[f"refused: {result}"] += 1
        return
    counts = result[1]
    figures.update({"lines": counts.read, "lines sent": counts.valid, "header rows": counts.header})
    figures.update({f"lines kept: {reason}": r.count for reason, r in counts.rejected.items()})


def run(*, seconds: float, seed: int) -> int:
    """Return the number of faults found: 0, or 1, at which it stops and keeps the drop."""
    chance, figures, fault = random.Random(seed), Counter[str](), ""
    end = time.monotonic() + seconds
    while not fault and time.monotonic() < end:
        content = random_drop(chance)
        try:
            fault = fault_with(content, chance, figures)
        except Exception:  # noqa: BLE001  (any exception at all is what this looks for)
            fault = traceback.format_exc()
    print(f"seed {seed}, {seconds:g} s")
    for name in sorted(figures, key=lambda name: (":" in name, name)):
        print(f"{name:30} {figures[name]:>12,}")
    print(f"faults: {1 if fault else 0}")
    if fault:
        print(f"{fault}\nthe drop: {_kept(content)}")
    return int(bool(fault))


def _kept(content: bytes) -> str:
    with tempfile.NamedTemporaryFile(prefix="fuzz-drop-", delete=False) as file:
        file.write(content)
    return file.name


def main() -> None:
    """Read the arguments, run, and exit with 1 if a fault was found."""
    parser = argparse.ArgumentParser(prog="python -m local.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(run(seconds=asked.seconds, seed=asked.seed))


if __name__ == "__main__":
    main()
