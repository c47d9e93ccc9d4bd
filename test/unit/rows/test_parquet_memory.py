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
OF_LARGE_PAGES = 600_000_000  # DuckDB's pages are 100 MB in a row group of ten million
ONE_GROUP = f"ROW_GROUP_SIZE {IDS}, COMPRESSION snappy"

SHAPES = {
    "many row groups": ("sha256('user ' || n)", "COMPRESSION zstd", CEILING),
    "binary": ("unhex(sha256('user ' || n))", "COMPRESSION snappy", CEILING),
    "few values, by dictionary": ("sha256('user ' || (n % 50000))", "COMPRESSION snappy", CEILING),
    "one row group, large pages": ("sha256('user ' || n)", ONE_GROUP, OF_LARGE_PAGES),
    "binary, large pages": ("unhex(sha256('user ' || n))", ONE_GROUP, OF_LARGE_PAGES),
}


def figures_of(path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "local.bench.parquet", str(path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


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
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (SELECT {value} AS email_sha256 FROM range({IDS}) AS t(n)) TO '{path}'"
            f" (FORMAT parquet, {options})"
        )

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
