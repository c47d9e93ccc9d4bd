"""Every writer, compression, encoding and physical type gives the same identifiers."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from support.parquet_files import DIGESTS, IDS, read, write, write_by_duckdb, write_by_polars

BY_SPARK = sorted((Path(__file__).parent / "spark_parquet").glob("*.parquet"))
BINARY = {"text": IDS, "binary": DIGESTS}
FIXED = pa.array(DIGESTS, pa.binary(32))


@pytest.mark.parametrize("values", BINARY.values(), ids=BINARY)
@pytest.mark.parametrize("dictionary", [True, False], ids=["dictionary", "plain"])
@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_scrub_file_of_pyarrow_gives_every_id(
    tmp_path: Path, compression: str, dictionary: bool, values: list[Any]
) -> None:
    path = tmp_path / "drop.parquet"
    how = {"compression": compression, "use_dictionary": dictionary, "row_group_size": 300}

    result = read(write(path, {"email_sha256": values}, **how))

    assert result.sent == IDS
    assert (result.counts.read, result.counts.header, result.rejected) == (1000, 0, {})


PYARROW_WAYS: dict[str, dict[str, Any]] = {
    "as version 1.0 with old timestamps": {
        "version": "1.0",
        "use_deprecated_int96_timestamps": True,
    },
    "without statistics": {"write_statistics": False},
    "as one page of version 2": {"data_page_version": "2.0"},
    "with delta lengths": {"use_dictionary": False, "column_encoding": "DELTA_LENGTH_BYTE_ARRAY"},
    "with shared prefixes": {"use_dictionary": False, "column_encoding": "DELTA_BYTE_ARRAY"},
    "with checksums": {"write_page_checksum": True},
    "with a page index": {"write_page_index": True},
    "in small pages": {"data_page_size": 1000},
}


@pytest.mark.parametrize("how", PYARROW_WAYS.values(), ids=PYARROW_WAYS)
def test_scrub_file_written_in_another_way_gives_every_id(
    tmp_path: Path, how: dict[str, Any]
) -> None:
    assert read(write(tmp_path / "drop.parquet", {"email_sha256": IDS}, **how)).sent == IDS


TYPES = {
    "fixed length": FIXED,
    "large text": pa.array(IDS, pa.large_string()),
    "text view": pa.array(IDS, pa.string_view()),
    "dictionary": pa.array(IDS).dictionary_encode(),
    "text without its mark": pa.array([one.encode() for one in IDS], pa.binary()),
    "upper case": pa.array([one.upper() for one in IDS]),
}


@pytest.mark.parametrize("values", TYPES.values(), ids=TYPES)
def test_scrub_column_of_another_type_gives_every_id(tmp_path: Path, values: Any) -> None:
    assert read(write(tmp_path / "drop.parquet", {"email_sha256": values})).sent == IDS


@pytest.mark.parametrize("values", BINARY.values(), ids=BINARY)
@pytest.mark.parametrize(
    "options",
    ["", ", COMPRESSION zstd", ", COMPRESSION gzip", ", COMPRESSION lz4", ", PARQUET_VERSION v2"],
)
def test_scrub_file_of_duckdb_gives_every_id(
    tmp_path: Path, options: str, values: list[Any]
) -> None:
    kind = "VARCHAR" if values is IDS else "BLOB"
    path = write_by_duckdb(tmp_path / "drop.parquet", values, kind, options)

    assert read(path).sent == IDS


@pytest.mark.parametrize("values", BINARY.values(), ids=BINARY)
@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "uncompressed"])
def test_scrub_file_of_polars_gives_every_id(
    tmp_path: Path, compression: str, values: list[Any]
) -> None:
    path = write_by_polars(tmp_path / "drop.parquet", values, compression=compression)

    assert read(path).sent == IDS


@pytest.mark.parametrize("path", BY_SPARK, ids=[path.stem for path in BY_SPARK])
def test_scrub_file_of_spark_gives_every_id_and_counts_its_null(path: Path) -> None:
    result = read(path)

    assert result.sent == IDS[:5] + IDS[6:8]
    assert result.rejected == {"blank": (1, [6])}


def test_spark_files_are_there_for_each_way_to_write() -> None:
    assert len(BY_SPARK) == 8
