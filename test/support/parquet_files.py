"""Parquet files as people have them, made in the test."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.parquet import scrub_parquet
from audience_uploader.rows.pipeline import LIMIT_BYTES

IDS = [hashlib.sha256(b"person %d" % number).hexdigest() for number in range(1000)]
DIGESTS = [bytes.fromhex(one) for one in IDS]


@dataclass(frozen=True)
class Read:
    """The identifiers that left, and reason -> (count, first row numbers)."""

    sent: list[str]
    rejected: dict[str, tuple[int, list[int]]]
    counts: RowCounts


def read(path: Path, kind: str = "EMAIL_SHA256", limit: int = LIMIT_BYTES) -> Read:
    counts = RowCounts()
    text = b"".join(scrub_parquet(path, kind, counts, limit=limit))
    rejected = {reason: (found.count, found.lines) for reason, found in counts.rejected.items()}
    return Read(text.decode().splitlines(), rejected, counts)


def write(path: Path, columns: dict[str, Any] | pa.Table, **how: Any) -> Path:
    """Write by pyarrow."""
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(table, path, **how)
    return path


def write_by_duckdb(path: Path, values: Sequence[Any], kind: str, options: str) -> Path:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE t (email_sha256 {kind})")
        connection.executemany("INSERT INTO t VALUES (?)", [[value] for value in values])
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet{options})")
    return path


def write_by_polars(path: Path, values: Sequence[Any], **how: Any) -> Path:
    polars.DataFrame({"email_sha256": values}).write_parquet(path, **how)
    return path


def parquet(ids: Sequence[str | None]) -> bytes:
    """Return a file of pyarrow with these identifiers beside another column."""
    file = io.BytesIO()
    columns = {"n": list(range(len(ids))), "email_sha256": pa.array(ids, pa.string())}
    pq.write_table(pa.table(columns), file)
    return file.getvalue()
