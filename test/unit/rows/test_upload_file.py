"""Upload files: bytes, rows and MD5 agree with what was appended, in whatever order of things."""

import hashlib
from pathlib import Path

import pytest
from audience_uploader.delivery.upload_file import UploadFile
from hypothesis import given, settings
from hypothesis import strategies as st


def rows(count: int, *, first: int = 0) -> bytes:
    return b"".join(b"%064x\n" % number for number in range(first, first + count))


LARGE = rows(50_000)  # 3.25 MB


def assert_is(upload: UploadFile, content: bytes) -> None:
    assert (upload.size, upload.rows) == (len(content), len(content) // 65)
    finished = upload.finish()
    assert finished.path.read_bytes() == content
    assert finished.md5 == hashlib.md5(content).hexdigest()
    assert (finished.size, finished.rows) == (len(content), len(content) // 65)


@pytest.mark.parametrize("blocks", [[], [rows(1)], [rows(3), rows(2)], [LARGE] * 4, [rows(1)] * 99])
def test_upload_file_finished_holds_what_was_appended(blocks: list[bytes], tmp_path: Path) -> None:
    upload = UploadFile(tmp_path / "upload.csv")

    for block in blocks:
        upload.append(block)

    assert_is(upload, b"".join(blocks))


@pytest.mark.parametrize("before", [b"", rows(2), LARGE, LARGE * 3], ids=["empty", "few", "1", "3"])
@pytest.mark.parametrize("taken_back", [b"", rows(5, first=9), LARGE * 2], ids=["0", "few", "many"])
@pytest.mark.parametrize("after", [b"", rows(1, first=7), LARGE], ids=["0", "one", "many"])
def test_upload_file_rewound_is_as_if_nothing_had_followed_the_mark(
    before: bytes, taken_back: bytes, after: bytes, tmp_path: Path
) -> None:
    upload = UploadFile(tmp_path / "upload.csv")
    upload.append(before)
    mark = upload.mark()
    upload.append(taken_back)

    upload.rewind(mark)
    upload.append(after)

    assert_is(upload, before + after)


def test_upload_file_rewound_twice_to_marks_of_its_past(tmp_path: Path) -> None:
    upload = UploadFile(tmp_path / "upload.csv")
    first = upload.mark()
    upload.append(rows(2))
    second = upload.mark()

    upload.append(LARGE)
    upload.rewind(second)
    upload.append(LARGE)
    upload.rewind(second)
    upload.rewind(first)
    upload.append(rows(4))

    assert_is(upload, rows(4))


steps = st.lists(st.sampled_from(["small", "large", "mark", "rewind"]), max_size=12)


@settings(deadline=None, max_examples=60)
@given(steps)
def test_upload_file_any_order_of_steps_agrees_with_plain_bytes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    upload = UploadFile(tmp_path_factory.mktemp("uploads") / "upload.csv")
    content, marks = b"", []
    for number, step in enumerate(steps):
        if step == "mark":
            marks.append((upload.mark(), content))
        elif step == "rewind" and marks:
            mark, content = marks[-1]
            upload.rewind(mark)
        else:
            block = LARGE if step == "large" else rows(3, first=number)
            upload.append(block)
            content += block

    assert_is(upload, content)


@pytest.mark.parametrize("content", [b"", rows(3), LARGE * 2], ids=["empty", "few", "many"])
def test_upload_file_discarded_leaves_no_file(content: bytes, tmp_path: Path) -> None:
    upload = UploadFile(tmp_path / "upload.csv")
    upload.append(content)

    upload.discard()

    assert list(tmp_path.iterdir()) == []


def test_upload_file_discarded_after_finish_or_twice_is_no_error(tmp_path: Path) -> None:
    upload = UploadFile(tmp_path / "upload.csv")
    upload.append(LARGE)
    finished = upload.finish()

    finished.remove()
    finished.remove()
    upload.discard()
    upload.discard()

    assert list(tmp_path.iterdir()) == []


def test_upload_file_that_the_disk_refuses_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full here")
    (tmp_path / "upload.csv").symlink_to(full)
    upload = UploadFile(tmp_path / "upload.csv")

    with pytest.raises(OSError, match="No space left"):
        upload.append(LARGE)
    upload.discard()

    assert list(tmp_path.iterdir()) == []


def test_upload_file_that_fails_to_finish_leaves_nothing(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full here")
    (tmp_path / "upload.csv").symlink_to(full)
    upload = UploadFile(tmp_path / "upload.csv")
    upload.append(rows(1))

    with pytest.raises(OSError, match="No space left"):
        upload.finish()

    assert list(tmp_path.iterdir()) == []
