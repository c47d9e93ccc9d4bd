"""Ten million identifiers, in the shapes that take the most memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

IDS = 10_000_000
CEILING = 31_000_000 + 150_000_000  # of a CSV, and what Parquet may take on top
ONE_GROUP = f"ROW_GROUP_SIZE {IDS}, COMPRESSION snappy"  # DuckDB's pages are 100 MB then
REFUSED = """
import sys
from pathlib import Path
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.parquet import scrub_parquet
from local.bench.process import peak_bytes
try:
    next(scrub_parquet(Path(sys.argv[1]), "EMAIL_SHA256", RowCounts()))
except DropRefused as refused:
    print(refused.reason, peak_bytes())
"""

SHAPES = {
    "many row groups": ("sha256('user ' || n)", "COMPRESSION zstd", CEILING),
    "binary": ("unhex(sha256('user ' || n))", "COMPRESSION snappy", CEILING),
    "few values, by dictionary": ("sha256('user ' || (n % 50000))", "COMPRESSION snappy", CEILING),
}


def run(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def figures_of(path: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(run("-m", "local.bench.parquet", str(path)))
    return figures


def write(path: Path, value: str, options: str) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (SELECT {value} AS email_sha256 FROM range({IDS}) AS t(n)) TO '{path}'"
            f" (FORMAT parquet, {options})"
        )


def assert_flat(figures: dict[str, Any], ceiling: int) -> None:
    assert figures["bytes"] == IDS * 65
    assert figures["peak_bytes"] < ceiling


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_scrub_ten_million_ids_take_flat_memory(
    tmp_path: Path, shape: tuple[str, str, int]
) -> None:
    value, options, ceiling = shape
    path = tmp_path / "drop.parquet"
    write(path, value, options)

    assert_flat(figures_of(path), ceiling)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.long
def test_scrub_one_row_group_of_usual_pages_takes_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "drop.parquet"
    digests = pa.py_buffer(os.urandom(32 * IDS))
    column = pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), IDS, [None, digests])
    table = pa.table({"email_sha256": column})
    pq.write_table(table, path, row_group_size=IDS, use_dictionary=False)

    assert_flat(figures_of(path), CEILING)


@pytest.mark.long
@pytest.mark.parametrize("value", ["sha256('user ' || n)", "unhex(sha256('user ' || n))"])
def test_scrub_pages_that_do_not_fit_are_refused_in_flat_memory(tmp_path: Path, value: str) -> None:
    path = tmp_path / "drop.parquet"
    write(path, value, ONE_GROUP)

    reason, peak = run("-c", REFUSED, str(path)).split()

    assert reason == "too_big"
    assert int(peak) < CEILING
