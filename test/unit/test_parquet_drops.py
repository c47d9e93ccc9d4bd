"""Parquet drops are fetched to disk, read, and gone from it whatever happens."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from audience_uploader.delivery.parquet_drops import ParquetDrops
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import DropRefused, OutOfTime
from audience_uploader.domain.row_counts import RowCounts

IDS = [hashlib.sha256(b"id %d" % number).hexdigest() for number in range(20_000)]


def in_time() -> None:
    """There is always time."""


@pytest.fixture
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("made") / "made.parquet"
    table = pa.table({"email_sha256": IDS})
    pq.write_table(table, path, row_group_size=1000, use_dictionary=False, compression="none")
    return path.read_bytes()


def drop_of(content: bytes) -> Drop:
    return Drop(parse_key("tiktok/shoes/email_sha256/a.parquet"), "etag", len(content), 0.0)


def in_blocks(content: bytes) -> Iterator[bytes]:
    yield from (content[start : start + 1000] for start in range(0, len(content), 1000))


def test_open_gives_the_rows_and_leaves_no_file(tmp_path: Path, content: bytes) -> None:
    drops, counts = ParquetDrops(tmp_path, largest=5_000_000), RowCounts()

    at_most, rows, unsure = drops.open(
        drop_of(content), in_blocks(content), counts, check_time=in_time
    )

    assert (at_most, unsure) == (20_000 * 65, False)
    assert b"".join(rows).decode().split() == IDS
    assert (counts.valid, list(tmp_path.iterdir())) == (20_000, [])


def test_open_damaged_drop_leaves_no_file(tmp_path: Path, content: bytes) -> None:
    drops = ParquetDrops(tmp_path, largest=5_000_000)

    with pytest.raises(DropRefused, match="cut short"):
        drops.open(drop_of(content), in_blocks(content[:-1]), RowCounts(), check_time=in_time)

    assert list(tmp_path.iterdir()) == []


def test_open_of_a_stream_that_breaks_leaves_no_file(tmp_path: Path, content: bytes) -> None:
    def broken() -> Iterator[bytes]:
        yield content[:1000]
        raise OutOfTime

    with pytest.raises(OutOfTime):
        ParquetDrops(tmp_path, largest=5_000_000).open(
            drop_of(content), broken(), RowCounts(), check_time=in_time
        )

    assert list(tmp_path.iterdir()) == []


def test_rows_end_when_time_does(tmp_path: Path, content: bytes) -> None:
    def out_of_time() -> None:
        raise OutOfTime

    drops = ParquetDrops(tmp_path, largest=5_000_000)
    _, rows, _ = drops.open(
        drop_of(content), in_blocks(content), RowCounts(), check_time=out_of_time
    )

    with pytest.raises(OutOfTime):
        list(rows)
    assert list(tmp_path.iterdir()) == []


def test_open_drop_larger_than_the_disk_kept_for_it_is_refused_unread(
    tmp_path: Path, content: bytes
) -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    drops = ParquetDrops(tmp_path, largest=len(content) - 1)

    with pytest.raises(DropRefused, match="several files") as refused:
        drops.open(drop_of(content), never(), RowCounts(), check_time=in_time)
    assert refused.value.reason == "too_big"


@pytest.mark.parametrize(("held_back", "unsure"), [(1_300_000, True), (1_299_999, False)])
def test_open_drop_that_can_be_held_back_is_not_read_before(
    tmp_path: Path, content: bytes, held_back: int, unsure: bool
) -> None:
    at = content.index(IDS[19_990].encode())  # in the last of its row groups, after its length
    damaged = content[: at - 4] + b"\xff" * 4 + content[at:]
    drops = ParquetDrops(tmp_path, largest=5_000_000)
    blocks: list[bytes] = []

    _, rows, doubt = drops.open(
        drop_of(content), in_blocks(damaged), RowCounts(), check_time=in_time,
        held_back=held_back,
    )  # fmt: skip
    with pytest.raises(DropRefused) as refused:
        blocks.extend(rows)

    assert refused.value.reason == "damaged_parquet"
    assert (doubt, bool(blocks)) == (unsure, unsure)
    assert list(tmp_path.iterdir()) == []
