"""The upload's body: its exact bytes, as often as they are asked for."""

from email.message import Message
from pathlib import Path

import pytest
from audience_uploader.tiktok.multipart import MultipartBody

from local.tiktok_simulator.multipart import read_form


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "audience-1.csv"
    file.write_bytes(b"aa\nbb\n")
    return file


def body(path: Path, **kwargs: object) -> MultipartBody:
    fields = {"advertiser_id": "7000", "calculate_type": "EMAIL_SHA256"}
    size = path.stat().st_size
    return MultipartBody(fields, path, size=size, boundary="b0", **kwargs)  # type: ignore[arg-type]


def test_body_is_fields_then_file_and_its_length_is_known(path: Path) -> None:
    found = b"".join(body(path))

    assert found == (
        b'--b0\r\nContent-Disposition: form-data; name="advertiser_id"\r\n\r\n7000\r\n'
        b'--b0\r\nContent-Disposition: form-data; name="calculate_type"\r\n\r\nEMAIL_SHA256\r\n'
        b'--b0\r\nContent-Disposition: form-data; name="file"; filename="audience-1.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\naa\nbb\n\r\n--b0--\r\n"
    )
    assert len(body(path)) == len(found)


def test_body_comes_whole_again_for_another_try(path: Path) -> None:
    twice = body(path)
    first = next(iter(twice))

    assert first
    assert b"".join(twice) == b"".join(twice)


def test_large_file_is_sent_in_blocks_and_its_form_is_readable(path: Path) -> None:
    content = bytes(range(256)) * 10_000
    path.write_bytes(content)
    blocks = list(body(path))
    headers = Message()
    headers["Content-Type"] = body(path).content_type

    form = read_form(blocks, headers["Content-Type"])

    assert max(map(len, blocks)) <= 1 << 20
    assert form.file
    assert form.file.content == content


def test_sending_ends_when_there_is_no_time_for_another_block(path: Path) -> None:
    path.write_bytes(b"x" * (3 << 20))
    left = [1.0, 1.0]

    sent: list[int] = []
    with pytest.raises(IndexError):
        sent.extend(len(block) for block in body(path, before_block=left.pop))

    assert (2 << 20) <= sum(sent) < (3 << 20)
