"""Read Parquet drops: fetched whole to disk, since their footer comes last, then as rows."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.parquet import ParquetRows

_NAME = "drop.parquet"  # one for all: there is never more than one on disk


class ParquetDrops:
    """Reads Parquet drops by way of one file in `directory`.

    `largest` bounds both the drop's own bytes, which is the disk it takes, and those of its rows.
    """

    def __init__(self, directory: Path, *, largest: int) -> None:
        self._path = directory / _NAME
        self._largest = largest

    def open(
        self,
        drop: Drop,
        blocks: Iterable[bytes],
        counts: RowCounts,
        *,
        check_time: Callable[[], object],
        held_back: int = 0,
    ) -> tuple[int, Iterator[bytes], bool]:
        """Return an upper bound of the scrubbed size, the blocks that fill `counts`, and a doubt.

        `blocks` are the drop's own; `check_time` raises OutOfTime when there is none left. The
        blocks are to be taken before the next drop is opened. Raises DropRefused, here or before
        the first block, and what `blocks` raises. Up to `held_back` scrubbed bytes the doubt is
        True: it is read once then, and may be refused up to its end.
        """
        if drop.size > self._largest:
            raise DropRefused("too_big", _too_big(drop.size, self._largest))
        try:
            with self._path.open("wb") as file:
                file.writelines(blocks)
            rows = ParquetRows(self._path, drop.key.calculate_type)
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise
        unsure = rows.at_most <= held_back
        scrubbed = rows.scrub(counts, limit=self._largest, tentative=unsure)
        return rows.at_most, self._rows(scrubbed, check_time), unsure

    def _rows(self, blocks: Iterator[bytes], check_time: Callable[[], object]) -> Iterator[bytes]:
        try:
            for rows in blocks:
                yield rows
                check_time()
        finally:
            self._path.unlink(missing_ok=True)


def _too_big(size: int, limit: int) -> str:
    return (
        f"The Parquet drop has {size:,} bytes, and may have {limit:,}: write it as several files "
        "(a query engine does so by itself, or is told how many), or without the columns that "
        "are not needed, and drop those."
    )
