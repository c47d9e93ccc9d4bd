"""DuckDB as a reader of one Parquet file: shut in, in one thread, in little memory.

It is imported when a Parquet file is opened and not before: a CSV must not pay for it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import parquet_sql
from audience_uploader.rows.block_pipe import BlockPipe, path_of
from audience_uploader.rows.parquet_columns import Column
from audience_uploader.rows.parquet_refusals import (
    LARGE_PAGES,
    MISSING,
    UNKNOWN_CODEC,
    refusal_of,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_START = {
    "threads": "1",
    "allow_persistent_secrets": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# Without prefetching a page is held at a time, not a whole row group's column.
_SETTINGS = """
    SET enable_progress_bar = false;
    SET disable_parquet_prefetching = true;
    SET enable_external_file_cache = false;
    SET parquet_metadata_cache = true;
    SET temp_directory = '';
    SET allowed_paths = ['%s', '%s'];
    SET enable_external_access = false;
    SET lock_configuration = true;
"""
_BUGS = ("Binder", "Catalog", "Parser", "Permission", "Syntax")


class ParquetEngine:
    """Answers questions about the Parquet file that `file` is, which stays open meanwhile.

    `memory` is the most megabytes to take. All raise DropRefused where the file cannot be read:
    `damaged_parquet`, `unsupported_content`, or `too_big` for a page that needs more memory.
    """

    def __init__(self, file: BinaryIO, *, memory: int) -> None:
        self._duckdb = _duckdb()
        self._bugs = tuple(getattr(self._duckdb, f"{kind}Exception") for kind in _BUGS)
        self._file, self._pipe = path_of(file.fileno()), BlockPipe()
        self._connection: DuckDBPyConnection = self._duckdb.connect(
            ":memory:", config=_AT_START | {"memory_limit": f"{memory}MB"}
        )
        self._connection.execute(_SETTINGS % (self._file, self._pipe.path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give all memory back; may be done again."""
        self._connection.close()
        self._pipe.close()

    def columns(self) -> list[Column]:
        """Return the columns at the top of the schema."""
        found = self._asked(parquet_sql.COLUMNS)
        return [Column(name, kind) for name, kind, *_ in found]

    def rows(self) -> int:
        """Return the number of rows, as the footer says it."""
        return int(self._asked(parquet_sql.ROWS)[0][0])

    def largest_chunk(self) -> int:
        """Return the bytes, unpacked, of the largest column of a row group: no page has more."""
        return int(self._asked(parquet_sql.LARGEST_CHUNK)[0][0] or 0)

    def sample(self, columns: dict[int, Column], *, rows: int) -> list[tuple[str | bytes, ...]]:
        """Return the first rows of these columns, by position; long values are cut."""
        return self._asked(parquet_sql.sample(columns, rows=rows))

    def read_through(self, columns: dict[int, Column]) -> None:
        """Read all pages of these columns, by position, to know that they can be read."""
        self._asked(parquet_sql.read_through(columns))

    def lines(self, cells: dict[int, str]) -> Iterator[bytes]:
        """Yield a line for each row, in blocks cut anywhere: these expressions by column position.

        They come through a pipe while they are read: nothing of them is ever on disk. To be called
        once.
        """
        query = parquet_sql.lines(cells, self._pipe.path)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="parquet") as thread:
            written = thread.submit(self._write, query)
            try:
                yield from self._pipe.blocks()
            finally:
                self._pipe.end_reading()
            written.result()

    def _write(self, query: str) -> None:
        try:
            self._asked(query)
        finally:
            self._pipe.end_writing()

    def _asked(self, query: str) -> list[Any]:
        with self._refusing():
            return self._connection.execute(query, {"file": self._file}).fetchall()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Turn what DuckDB raises into a refusal, without its text, which may quote the file."""
        try:
            yield
        except (self._duckdb.OutOfMemoryException, MemoryError):
            raise DropRefused("too_big", LARGE_PAGES) from None
        except self._duckdb.NotImplementedException:
            raise DropRefused("unsupported_content", UNKNOWN_CODEC) from None
        except self._bugs:
            raise  # the query is wrong, and not the file
        except (self._duckdb.Error, UnicodeDecodeError, RuntimeError) as error:
            raise refusal_of(str(error)) from None


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise DropRefused("unsupported_content", MISSING) from None
    return duckdb
