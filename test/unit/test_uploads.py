"""Rows of many drops in few uploads: packed, cut, taken back, bounded on disk."""

import threading
from pathlib import Path

import pytest
from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.delivery.upload_packer import MOST_UPLOADS, DoesNotFit, UploadPacker
from audience_uploader.domain.batch import Upload
from audience_uploader.domain.outcomes import OutOfTime
from audience_uploader.rows import ROW_BYTES
from support.events import hashes

LARGEST = 10 * ROW_BYTES


class Sent:
    """TikTok's end: what was uploaded, and how many files lay on disk at the most."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bodies: list[bytes] = []
        self.most_on_disk = 0
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.fails_at = 0  # the first upload for which that is raised

    def __call__(self, file: FinishedFile) -> Upload:
        self.gate.wait(timeout=60)
        self.count()
        if self.error and len(self.bodies) >= self.fails_at:
            raise self.error
        self.bodies.append(b"".join(file.blocks()))
        return Upload(f"path-{len(self.bodies)}", file.size, file.rows, "r")

    def count(self) -> None:
        self.most_on_disk = max(self.most_on_disk, len(list(self.directory.iterdir())))


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(tmp_path)


def uploads_to(sent: Sent, *, done: int = 0, held_back: int = 0) -> UploadPacker:
    earlier = [Upload(f"kept-{n}", 65, 1, "r") for n in range(done)]
    return UploadPacker(
        sent, sent.directory, done=earlier, largest=LARGEST, held_back=held_back, in_memory=0
    )


def rows(start: int, count: int) -> bytes:
    return "".join(f"{i}\n" for i in hashes(start, count)).encode()


def add(uploads: UploadPacker, start: int, count: int) -> tuple[int, ...]:
    """Add a drop of so many rows, written row by row."""
    uploads.begin(at_most=count * ROW_BYTES)
    for n in range(count):
        uploads.write(rows(start + n, 1))
    return uploads.commit()


@pytest.mark.parametrize(
    ("drops", "where", "sizes"),
    [
        ([3, 3, 4], [(0,), (0,), (0,)], [10]),
        ([3, 8], [(0,), (1,)], [3, 8]),
        ([10, 1], [(0,), (1,)], [10, 1]),
        ([25], [(0, 1, 2)], [10, 10, 5]),
        ([5, 25, 5], [(0,), (1, 2, 3), (3,)], [5, 10, 10, 10]),
        ([20, 1], [(0, 1), (2,)], [10, 10, 1]),
        ([1], [(0,)], [1]),
        ([], [], []),
    ],
    ids=str,
)
def test_small_drops_share_an_upload_and_large_ones_have_their_own(
    sent: Sent, drops: list[int], where: list[tuple[int, ...]], sizes: list[int]
) -> None:
    starts = [sum(drops[:n]) for n in range(len(drops))]
    with uploads_to(sent) as uploads:
        found = [add(uploads, start, count) for start, count in zip(starts, drops, strict=True)]
        made = uploads.close()

    assert found == where
    assert [u.rows for u in made] == sizes
    assert b"".join(sent.bodies) == rows(0, sum(drops))
    assert not list(sent.directory.iterdir())


@pytest.mark.parametrize(
    ("before", "abandoned", "after", "expected"),
    [(3, 2, 4, [(0, 3), (5, 4)]), (0, 2, 4, [(2, 4)]), (3, 25, 4, [(0, 3), (28, 4)]),
     (3, 9, 0, [(0, 3)]), (10, 4, 3, [(0, 10), (14, 3)])],
)  # fmt: skip
def test_abandoned_drop_leaves_no_row_and_those_beside_it_are_whole(
    sent: Sent, before: int, abandoned: int, after: int, expected: list[tuple[int, int]]
) -> None:
    with uploads_to(sent) as uploads:
        if before:
            add(uploads, 0, before)
        uploads.begin(at_most=abandoned * ROW_BYTES)
        uploads.write(rows(before, abandoned))
        uploads.abandon()
        if after:
            add(uploads, before + abandoned, after)
        made = uploads.close()

    submitted = b"".join(sent.bodies[int(u.file_path.removeprefix("path-")) - 1] for u in made)
    assert submitted == b"".join(rows(*part) for part in expected)
    assert not list(sent.directory.iterdir())


def test_never_more_than_two_files_are_on_disk_however_slow_the_sending(sent: Sent) -> None:
    sent.gate.clear()
    threading.Timer(0.05, sent.gate.set).start()

    with uploads_to(sent) as uploads:
        uploads.begin(at_most=60 * ROW_BYTES)
        for n in range(60):
            uploads.write(rows(n, 1))
            sent.count()
        uploads.commit()
        made = uploads.close()

    assert len(made) == 6
    assert sent.most_on_disk == 2
    assert b"".join(sent.bodies) == rows(0, 60)


def test_next_file_is_written_while_the_last_is_sent(sent: Sent) -> None:
    sent.gate.clear()
    with uploads_to(sent) as uploads:
        uploads.begin(at_most=15 * ROW_BYTES)
        uploads.write(rows(0, 15))

        assert len(list(sent.directory.iterdir())) == 2
        assert sent.bodies == []
        sent.gate.set()
        uploads.commit()
        uploads.close()


def test_call_holds_49_uploads_and_no_more(sent: Sent) -> None:
    with uploads_to(sent, done=MOST_UPLOADS - 2) as uploads:
        assert uploads.fits(2 * LARGEST)
        assert not uploads.fits(2 * LARGEST + 1)
        add(uploads, 0, 10)
        assert uploads.fits(LARGEST)
        add(uploads, 10, 4)
        assert uploads.fits(6 * ROW_BYTES)
        assert not uploads.fits(7 * ROW_BYTES)
        assert len(uploads.close()) == MOST_UPLOADS


def test_kept_uploads_come_first_and_are_not_sent_again(sent: Sent) -> None:
    with uploads_to(sent, done=2) as uploads:
        assert add(uploads, 0, 3) == (2,)
        made = uploads.close()

    assert [u.file_path for u in made] == ["kept-0", "kept-1", "path-1"]


@pytest.mark.parametrize("count", [5, 15, 35], ids=["at the end", "one sent", "three sent"])
def test_error_of_sending_comes_out_and_leaves_no_file(sent: Sent, count: int) -> None:
    class Refused(Exception):
        pass

    def work() -> None:
        with uploads_to(sent) as uploads:
            add(uploads, 0, count)
            uploads.close()

    sent.error = Refused()

    with pytest.raises(Refused):
        work()
    assert not list(sent.directory.iterdir())


def test_abandoned_drop_that_filled_a_shared_upload_exactly_leaves_the_others_in_it(
    sent: Sent,
) -> None:
    with uploads_to(sent) as uploads:
        assert add(uploads, 0, 4) == (0,)
        uploads.begin(at_most=6 * ROW_BYTES)
        uploads.write(rows(4, 6))
        uploads.abandon()
        made = uploads.close()

    assert sent.bodies == [rows(0, 4)]
    assert [upload.rows for upload in made] == [4]


def test_uploads_sent_before_one_failed_are_known(sent: Sent) -> None:
    with uploads_to(sent, done=1) as uploads:
        add(uploads, 0, 10)
        add(uploads, 10, 10)  # seals the first
        sent.gate.wait()
        uploads.begin(at_most=10 * ROW_BYTES)  # seals the second, once the first was sent
        sent.error = OutOfTime("no time")
        uploads.write(rows(20, 10))
        with pytest.raises(OutOfTime):
            uploads.close()

        found = uploads.sent()

    assert [upload.file_path for upload in found][:2] == ["kept-0", "path-1"]
    assert len(found) < 4


def test_tentative_drop_is_sent_only_after_its_end(sent: Sent) -> None:
    with uploads_to(sent) as uploads:
        uploads.begin(at_most=LARGEST, tentative=True)
        uploads.write(rows(0, 10))
        assert sent.bodies == []
        uploads.commit()
        uploads.close()

    assert sent.bodies == [rows(0, 10)]


def test_tentative_drop_that_fills_its_upload_is_taken_back_and_nothing_of_it_is_sent(
    sent: Sent,
) -> None:
    with uploads_to(sent) as uploads:
        add(uploads, 0, 2)
        uploads.begin(at_most=8 * ROW_BYTES, tentative=True)
        uploads.write(rows(2, 8))
        with pytest.raises(DoesNotFit):
            uploads.write(rows(10, 1))
        uploads.abandon()
        uploads.close()

    assert sent.bodies == [rows(0, 2)]


def test_uploads_of_a_tentative_drop_wait_until_its_end(sent: Sent) -> None:
    with uploads_to(sent, held_back=4 * LARGEST) as uploads:
        uploads.begin(at_most=25 * ROW_BYTES, tentative=True)
        uploads.write(rows(0, 25))
        assert (sent.bodies, len(list(sent.directory.iterdir()))) == ([], 3)
        assert uploads.commit() == (0, 1, 2)
        uploads.begin(at_most=3 * ROW_BYTES)
        uploads.write(rows(25, 3))
        assert uploads.commit() == (2,)
        made = uploads.close()

    assert sent.bodies == [rows(0, 10), rows(10, 10), rows(20, 8)]
    assert [upload.file_path for upload in made] == ["path-1", "path-2", "path-3"]
    assert list(sent.directory.iterdir()) == []


@pytest.mark.parametrize("before", [0, 4, 10])
def test_tentative_drop_that_is_taken_back_leaves_nothing(sent: Sent, before: int) -> None:
    with uploads_to(sent, held_back=4 * LARGEST) as uploads:
        uploads.begin(at_most=before * ROW_BYTES)
        uploads.write(rows(0, before))
        uploads.commit()
        uploads.begin(at_most=40 * ROW_BYTES, tentative=True)
        uploads.write(rows(100, 40))
        uploads.abandon()
        uploads.begin(at_most=5 * ROW_BYTES)
        uploads.write(rows(before, 5))
        uploads.commit()
        uploads.close()

    assert b"".join(sent.bodies) == rows(0, before + 5)
    assert list(sent.directory.iterdir()) == []


def test_no_more_waits_than_may(sent: Sent) -> None:
    with uploads_to(sent, held_back=4 * LARGEST) as uploads:
        uploads.begin(at_most=40 * ROW_BYTES, tentative=True)
        uploads.write(rows(0, 40))
        with pytest.raises(DoesNotFit):
            uploads.write(rows(40, 1))

    assert list(sent.directory.iterdir()) == []


def test_no_more_waits_than_the_call_takes(sent: Sent) -> None:
    with uploads_to(sent, done=MOST_UPLOADS - 2, held_back=9 * LARGEST) as uploads:
        uploads.begin(at_most=LARGEST, tentative=True)  # a guess, and too low
        uploads.write(rows(0, 20))
        with pytest.raises(DoesNotFit):
            uploads.write(rows(20, 1))
        uploads.abandon()
        assert uploads.fits(2 * LARGEST)

    assert sent.bodies == []


@pytest.mark.parametrize("fails_at", [0, 1])
def test_error_of_sending_what_waited_leaves_no_file(sent: Sent, fails_at: int) -> None:
    sent.error, sent.fails_at = OutOfTime(), fails_at
    with uploads_to(sent, held_back=4 * LARGEST) as uploads:
        uploads.begin(at_most=35 * ROW_BYTES, tentative=True)
        uploads.write(rows(0, 35))
        with pytest.raises(OutOfTime):
            uploads.commit()
        uploads.abandon()
        assert uploads.sent() == []

    assert list(sent.directory.iterdir()) == []
