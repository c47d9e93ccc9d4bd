"""The queries on a Parquet file. No name and no value of the file is ever part of one.

Columns go by their position, as c0, c1, ..., and the file is the parameter `file`.
"""
# ruff: noqa: S608 (what goes into these texts is our own: positions, and the cells' expressions)

from collections.abc import Iterable

from audience_uploader.rows.parquet_columns import Column

CELLS_APART = b"\x1f"
QUOTE = b"\x1e"  # stands around a cell that holds it, the other one or a line end

_LONGEST_SAMPLED = 256  # bytes of a value: no form of a hash is as long
_SOURCE = "read_parquet($file, hive_partitioning = false, binary_as_string = false)"
_CSV = (
    r"(FORMAT csv, HEADER false, DELIMITER E'\x1f', QUOTE E'\x1e', ESCAPE E'\x1e', NULLSTR '',"
    " COMPRESSION none)"
)
COLUMNS = f"DESCRIBE SELECT * FROM {_SOURCE}"
ROWS = f"SELECT count(*) FROM {_SOURCE}"
LARGEST_CHUNK = "SELECT max(total_uncompressed_size) FROM parquet_metadata($file)"


def sample(columns: dict[int, Column], *, rows: int) -> str:
    """Return the query for the first rows of these columns, long values cut and nulls empty."""
    cut = (
        f"coalesce(left(c{number}::VARCHAR, {_LONGEST_SAMPLED}), '')"
        if column.is_text
        else f"coalesce(c{number}[1:{_LONGEST_SAMPLED}], ''::BLOB)"
        for number, column in columns.items()
    )
    return f"SELECT {', '.join(cut)} FROM {_aliased(columns)} LIMIT {rows}"


def read_through(columns: dict[int, Column]) -> str:
    """Return a query that has to read every page of these columns."""
    sizes = (
        f"sum(strlen(c{number}::VARCHAR))" if column.is_text else f"sum(octet_length(c{number}))"
        for number, column in columns.items()
    )
    return f"SELECT {', '.join(sizes)} FROM {_aliased(columns)}"


def lines(cells: dict[int, str], path: str) -> str:
    """Return the command that writes a line for each row to `path`, which is one of ours."""
    listed = ", ".join(f"nullif({cell}, '')" for cell in cells.values())
    return f"COPY (SELECT {listed} FROM {_aliased(cells)}) TO '{path}' {_CSV}"


def plain_text(column: int) -> str:
    """Return the expression for a text column's cell, as it is."""
    return f"c{column}::VARCHAR"


def hex_of_binary(column: int, *, may_be_text: bool) -> str:
    """Return the expression for a binary column's cell: hex where it is 32 bytes, else its text.

    `may_be_text` costs time, and tells 32 hex digits (an MD5) from 32 bytes.
    """
    cell = f"c{column}"
    is_binary = f"octet_length({cell}) = 32"
    if may_be_text:
        is_binary += (
            f" AND NOT ({cell} BETWEEN '0'::BLOB AND 'g'::BLOB"
            f" AND regexp_full_match({cell}::VARCHAR, '[0-9a-fA-F]+'))"
        )
    return f"CASE WHEN {is_binary} THEN hex({cell}) ELSE {cell}::VARCHAR END"


def _aliased(numbers: Iterable[int]) -> str:
    return f"{_SOURCE} AS t({', '.join(f'c{number}' for number in range(max(numbers) + 1))})"
