"""Which of the pending drops go into the next call, and which wait for the one after it."""

import gzip
from pathlib import Path

import pytest
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.drop_reader import DropReader as Reader
from audience_uploader.delivery.prepare import MOST_DROPS, MakePacker, Preparation
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.delivery.upload_packer import LARGEST_UPLOAD, UploadPacker
from audience_uploader.delivery.upload_sender import Send
from audience_uploader.domain.batch import Batch, SentDrop, Upload
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import OutOfTime
from audience_uploader.tiktok.errors import Refused
from support.events import BUCKET, hashes
from support.fake_s3 import FakeS3
from support.virtual_clock import VirtualClock

FOLDER = "tiktok/foodies/email_sha256/"


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3(VirtualClock().now)


@pytest.fixture
def drops(s3: FakeS3) -> DropStore:
    return DropStore(s3, BUCKET)  # type: ignore[arg-type]


def written(s3: FakeS3, drops: DropStore, name: str, body: bytes) -> Drop:
    s3.store(FOLDER + name, body)
    found = drops.current(parse_key(FOLDER + name))
    assert found
    return found


def body(start: int, count: int) -> bytes:
    return "".join(f"{i}\n" for i in hashes(start, count)).encode()


def sent(file: FinishedFile) -> Upload:
    return Upload(file.path.name, file.size, file.rows, "r")


def to(send: Send, directory: Path, *, largest: int = LARGEST_UPLOAD) -> MakePacker:
    return lambda done: UploadPacker(send, directory, done=done, largest=largest)


def prepare(
    drops: DropStore,
    directory: Path,
    pending: list[Drop],
    start: Batch | None = None,
    *,
    most_drops: int = MOST_DROPS,
) -> Prepared:
    reader = Reader(drops, deadline=Deadline(lambda: 900, timeout_seconds=900), largest=10_000)
    preparation = Preparation(reader, to(sent, directory), most_drops=most_drops)
    return preparation.run(pending, start=start or Batch(1.0, "EMAIL_SHA256"))


def names(prepared: Prepared) -> list[str]:
    return [drop.key.removeprefix(FOLDER) for drop in prepared.batch.drops]


def test_good_drops_are_in_the_batch_bad_ones_beside_it_and_changed_ones_in_neither(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    pending = [
        written(s3, drops, "a.csv", body(0, 3)),
        written(s3, drops, "raw.csv", b"jane@example.com\n"),
        written(s3, drops, "changed.csv", body(3, 3)),
        written(s3, drops, "b.csv", body(6, 3)),
    ]
    s3.store(FOLDER + "changed.csv", body(9, 3))

    prepared = prepare(drops, tmp_path, pending)

    assert names(prepared) == ["a.csv", "b.csv"]
    assert [(d.key.key, r.reason) for d, r in prepared.refused] == [
        (FOLDER + "raw.csv", "no_valid_rows")
    ]
    assert [u.rows for u in prepared.batch.uploads] == [6]
    assert prepared.batch.distinct == 6
    assert not prepared.full
    assert not prepared.out_of_time


def test_gzip_is_read_once_and_a_damaged_one_leaves_no_row(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    pending = [
        written(s3, drops, "a.csv.gz", gzip.compress(body(0, 50), mtime=0)),
        written(s3, drops, "cut.csv.gz", gzip.compress(body(50, 50), mtime=0)[:-9]),
        written(s3, drops, "b.csv.gz", gzip.compress(body(100, 50), mtime=0)),
    ]
    read: list[str] = []
    s3.before = lambda operation, key: read.append(key) if operation == "get" else None
    files: list[bytes] = []

    def keep(file: FinishedFile) -> Upload:
        files.append(b"".join(file.blocks()))
        return sent(file)

    reader = Reader(drops, deadline=Deadline(lambda: 900, timeout_seconds=900))
    prepared = Preparation(reader, to(keep, tmp_path)).run(
        pending, start=Batch(1.0, "EMAIL_SHA256")
    )

    assert sorted(read) == sorted(drop.key.key for drop in pending)
    assert files == [body(0, 50) + body(100, 50)]
    assert [refusal.reason for _, refusal in prepared.refused] == ["damaged_gzip"]


def test_drop_that_does_not_fit_into_the_call_is_left_over(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    uploads = [Upload(f"f{n}", 65, 1, "r") for n in range(49)]
    kept = Batch(1.0, "EMAIL_SHA256", [], uploads)

    prepared = prepare(drops, tmp_path, [written(s3, drops, "a.csv", body(0, 3))], kept)

    assert names(prepared) == []
    assert prepared.batch.uploads == uploads
    assert prepared.full


def test_more_drops_than_a_call_takes_are_left_over(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    pending = [written(s3, drops, f"{n}.csv", body(n, 1)) for n in range(3)]

    prepared = prepare(drops, tmp_path, pending, most_drops=2)

    assert names(prepared) == ["0.csv", "1.csv"]
    assert prepared.full


def test_kept_drops_stay_in_the_batch_without_being_read_again(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    first, second = (written(s3, drops, f"{n}.csv", body(n, 1)) for n in range(2))
    record = SentDrop(first.key.key, first.etag, first.size, 0.0, {"valid": 1}, (0,))
    kept = Batch(1.0, "EMAIL_SHA256", [record], [Upload("f0", 65, 1, "r")], distinct=1)
    read: list[str] = []
    s3.before = lambda operation, key: read.append(key)

    prepared = prepare(drops, tmp_path, [first, second], kept)

    assert names(prepared) == ["0.csv", "1.csv"]
    assert [d.uploads for d in prepared.batch.drops] == [(0,), (1,)]
    assert first.key.key not in read


def test_upload_that_time_ended_leaves_only_what_was_kept_and_names_the_drop(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    def too_late(file: FinishedFile) -> Upload:
        raise OutOfTime

    drop = written(s3, drops, "a.csv", body(0, 3))
    reader = Reader(drops, deadline=Deadline(lambda: 900, timeout_seconds=900), largest=10_000)
    earlier = SentDrop("k", "e", 65, 0.0, {}, (0,))
    kept = Batch(1.0, "EMAIL_SHA256", [earlier], [Upload("f0", 65, 1, "r")])

    prepared = Preparation(reader, to(too_late, tmp_path)).run([drop], start=kept)

    assert prepared.batch.uploads == kept.uploads
    assert prepared.too_short_for == drop
    assert prepared.out_of_time
    assert not list(tmp_path.iterdir())


def test_what_was_uploaded_before_time_ran_out_stays_and_only_the_unfinished_is_blamed(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    kept = SentDrop("k", "e", 65, 0.0, {}, (0,))
    start = Batch(1.0, "EMAIL_SHA256", [kept], [Upload("path", 65, 1, "r")])
    new = written(s3, drops, "new.csv", body(0, 3))

    def too_slow(file: FinishedFile) -> Upload:
        raise OutOfTime("the line is slow")

    reader = Reader(drops, deadline=Deadline(lambda: 900, timeout_seconds=900), largest=10_000)
    preparation = Preparation(reader, to(too_slow, tmp_path))
    prepared = preparation.run([new], start=start)

    assert prepared.batch.drops == [kept]
    assert prepared.batch.uploads == start.uploads
    assert prepared.out_of_time
    assert prepared.too_short_for == new
    assert list(tmp_path.iterdir()) == []


def refuse(file: FinishedFile) -> Upload:
    raise Refused("no such format", code=40006)


def test_refused_upload_names_the_drops_whose_rows_are_in_it_and_no_other(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    kept = SentDrop("k", "e", 65, 0.0, {}, (0,))
    start = Batch(1.0, "EMAIL_SHA256", [kept], [Upload("path", 65, 1, "r")])
    good = [written(s3, drops, f"{n}.csv", body(n, 1)) for n in range(2)]
    damaged = written(s3, drops, "damaged.csv", b"\x1f\x8b\x08\x00broken")

    reader = Reader(drops, deadline=Deadline(lambda: 900, timeout_seconds=900), largest=10_000)
    preparation = Preparation(reader, to(refuse, tmp_path))
    prepared = preparation.run([*good, damaged], start=start)

    assert prepared.upload_error
    assert prepared.upload_error.code == 40006
    assert prepared.in_upload == {drop.version for drop in good}
    assert [refusal.reason for _, refusal in prepared.refused] == ["damaged_gzip"]
    assert list(tmp_path.iterdir()) == []


def test_refused_upload_of_a_drop_that_needs_several_names_that_drop(
    s3: FakeS3, drops: DropStore, tmp_path: Path
) -> None:
    large, next_one = (written(s3, drops, f"{n}.csv", body(n * 9, 9)) for n in range(2))

    reader = Reader(drops, deadline=Deadline(lambda: 900, timeout_seconds=900), largest=10_000)
    preparation = Preparation(reader, to(refuse, tmp_path, largest=130))
    prepared = preparation.run([large, next_one], start=Batch(1.0, "EMAIL_SHA256"))

    assert prepared.in_upload == {large.version}
