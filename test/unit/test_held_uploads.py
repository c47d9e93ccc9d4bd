"""Drops that may turn out damaged up to their end: their uploads wait on disk, then go out."""

import gzip
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.parquet_drops import ParquetDrops
from audience_uploader.delivery.prepare import Preparation
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.delivery.upload_packer import MOST_UPLOADS, UploadPacker
from audience_uploader.domain.batch import Batch, Upload
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import OutOfTime
from audience_uploader.rows import ROW_BYTES
from support.events import BUCKET
from support.fake_s3 import FakeS3
from support.virtual_clock import VirtualClock

FOLDER = "tiktok/foodies/email_sha256/"
ROWS = 40_000  # some row groups, and more than the block in which they are read


class TikTok:
    """What it took, in order; from the upload `fails_at` on it raises `error`."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.fails_at = 0
        self.error: Exception | None = None

    def __call__(self, file: FinishedFile) -> Upload:
        if self.error and len(self.bodies) >= self.fails_at:
            raise self.error
        self.bodies.append(b"".join(file.blocks()))
        return Upload(f"path-{len(self.bodies)}", file.size, file.rows, "r")


@pytest.fixture
def tiktok() -> TikTok:
    return TikTok()


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3(VirtualClock().now)


def ids(start: int, count: int) -> list[str]:
    """Return identifiers that a gzip makes no smaller than real ones."""
    return [hashlib.sha256(b"person %d" % n).hexdigest() for n in range(start, start + count)]


def rows(start: int, count: int) -> bytes:
    return "".join(f"{i}\n" for i in ids(start, count)).encode()


def in_parquet(start: int, count: int) -> bytes:
    file = io.BytesIO()
    table = pa.table({"email_sha256": ids(start, count)})
    pq.write_table(table, file, row_group_size=1000, use_dictionary=False, compression="none")
    return file.getvalue()


def damaged_parquet(start: int, count: int) -> bytes:
    whole = in_parquet(start, count)
    at = whole.rindex(ids(start + count - 10, 1)[0].encode())  # behind the length of its text
    return whole[: at - 4] + b"\xff" * 4 + whole[at:]


def in_gzip(start: int, count: int) -> bytes:
    return gzip.compress(rows(start, count), mtime=0)


def damaged_gzip(start: int, count: int) -> bytes:
    return in_gzip(start, count)[:-9]


def written(s3: FakeS3, name: str, body: bytes) -> Drop:
    s3.store(FOLDER + name, body)
    found = DropStore(s3, BUCKET).current(parse_key(FOLDER + name))  # type: ignore[arg-type]
    assert found
    return found


def prepare(
    s3: FakeS3, tiktok: TikTok, directory: Path, pending: list[Drop], *, room: int = MOST_UPLOADS
) -> Prepared:
    """Prepare a call as a deployment with Parquet does, in uploads of 15,000 rows.

    It has room for so many; an earlier try made the others.
    """
    reader = DropReader(
        DropStore(s3, BUCKET),  # type: ignore[arg-type]
        deadline=Deadline(lambda: 900, timeout_seconds=900),
        parquet=ParquetDrops(directory, largest=10_000_000),
        largest=10_000_000,
    )

    def packer(done: list[Upload]) -> UploadPacker:
        largest = 15_000 * ROW_BYTES
        return UploadPacker(
            tiktok, directory, done=done, largest=largest, held_back=reader.held_back
        )

    earlier = [Upload(f"kept-{n}", 65, 1, "r") for n in range(MOST_UPLOADS - room)]
    start = Batch(1.0, "EMAIL_SHA256", uploads=earlier)
    return Preparation(reader, packer).run(pending, start=start)


def read_of(s3: FakeS3) -> list[str]:
    """Return a list that holds the key of each read from now on."""
    read: list[str] = []
    s3.before = lambda operation, key: read.append(key) if operation == "get" else None
    return read


@pytest.mark.parametrize("made", [in_parquet, in_gzip])
def test_drop_of_several_uploads_is_read_once(
    s3: FakeS3, tiktok: TikTok, tmp_path: Path, made: Callable[[int, int], bytes]
) -> None:
    drops = [written(s3, f"{n}", made(n * ROWS, ROWS)) for n in range(2)]
    read = read_of(s3)

    prepared = prepare(s3, tiktok, tmp_path, drops)

    assert read == [drop.key.key for drop in drops]
    assert b"".join(tiktok.bodies) == rows(0, 2 * ROWS)
    assert [drop.uploads for drop in prepared.batch.drops] == [(0, 1, 2), (3, 4, 5)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("made", [damaged_parquet, damaged_gzip])
def test_nothing_of_a_drop_that_is_damaged_at_its_end_is_uploaded(
    s3: FakeS3, tiktok: TikTok, tmp_path: Path, made: Callable[[int, int], bytes]
) -> None:
    bad = written(s3, "bad", made(0, ROWS))
    good = written(s3, "good", in_parquet(ROWS, ROWS))

    prepared = prepare(s3, tiktok, tmp_path, [bad, good])

    assert [drop.key.key for drop, _ in prepared.refused] == [bad.key.key]
    assert b"".join(tiktok.bodies) == rows(ROWS, ROWS)
    assert [drop.uploads for drop in prepared.batch.drops] == [(0, 1, 2)]
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_a_drop_that_time_ended_for_is_kept(
    s3: FakeS3, tiktok: TikTok, tmp_path: Path
) -> None:
    small = written(s3, "small.csv", rows(0, 10))
    large = written(s3, "large", in_parquet(10, ROWS))
    tiktok.error, tiktok.fails_at = OutOfTime(), 3

    prepared = prepare(s3, tiktok, tmp_path, [small, large])

    assert [drop.key for drop in prepared.batch.drops] == [small.key.key]
    assert [upload.rows for upload in prepared.batch.uploads] == [10]
    assert (prepared.out_of_time, len(tiktok.bodies)) == (True, 3)
    assert list(tmp_path.iterdir()) == []


def test_gzip_of_more_than_was_guessed_is_measured(
    s3: FakeS3, tiktok: TikTok, tmp_path: Path
) -> None:
    small = written(s3, "small.csv", rows(0, 10_000))
    packed = written(s3, "packed.gz", gzip.compress(rows(10_000, 1) * 30_000))
    read = read_of(s3)

    prepared = prepare(s3, tiktok, tmp_path, [small, packed])

    assert read.count(packed.key.key) > 1  # it filled an upload that holds another drop
    assert [upload.rows for upload in prepared.batch.uploads] == [10_000, 15_000, 15_000]
    assert [drop.uploads for drop in prepared.batch.drops] == [(0,), (1, 2)]


@pytest.mark.parametrize("made", [in_gzip, in_parquet])
def test_drop_that_just_fits_into_the_call_is_in_it(
    s3: FakeS3, tiktok: TikTok, tmp_path: Path, made: Callable[[int, int], bytes]
) -> None:
    drop = written(s3, "drop", made(0, 30_000))

    prepared = prepare(s3, tiktok, tmp_path, [drop], room=2)

    assert [drop.uploads for drop in prepared.batch.drops] == [(47, 48)]
    assert not prepared.full


@pytest.mark.parametrize("made", [in_gzip, in_parquet])
def test_drop_that_does_not_fit_into_the_call_is_for_the_next(
    s3: FakeS3, tiktok: TikTok, tmp_path: Path, made: Callable[[int, int], bytes]
) -> None:
    drop = written(s3, "drop", made(0, 30_001))

    prepared = prepare(s3, tiktok, tmp_path, [drop], room=2)

    assert (prepared.batch.drops, prepared.full, tiktok.bodies) == ([], True, [])
