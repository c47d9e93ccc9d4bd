"""The upload's body: its exact bytes, as often as they are asked for."""

from collections.abc import Callable

import pytest
from audience_uploader.tiktok.multipart import MultipartBody

from local.tiktok_simulator.multipart import read_form

CONTENT = [b"aa\n", b"bb\n"]


def body(blocks: list[bytes], before_block: Callable[[], object] = lambda: None) -> MultipartBody:
    fields = {"advertiser_id": "7000", "calculate_type": "EMAIL_SHA256"}
    name, size = "audience-1.csv", sum(map(len, blocks))
    return MultipartBody(
        fields, name, lambda: blocks, size=size, boundary="b0", before_block=before_block
    )


def test_body_is_fields_then_file_and_its_length_is_known() -> None:
    found = b"".join(body(CONTENT))

    assert found == (
        b'--b0\r\nContent-Disposition: form-data; name="advertiser_id"\r\n\r\n7000\r\n'
        b'--b0\r\nContent-Disposition: form-data; name="calculate_type"\r\n\r\nEMAIL_SHA256\r\n'
        b'--b0\r\nContent-Disposition: form-data; name="file"; filename="audience-1.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\naa\nbb\n\r\n--b0--\r\n"
    )
    assert len(body(CONTENT)) == len(found)


def test_body_comes_whole_again_for_another_try() -> None:
    twice = body(CONTENT)
    first = next(iter(twice))

    assert first
    assert b"".join(twice) == b"".join(twice)


def test_large_file_is_sent_in_blocks_and_its_form_is_readable() -> None:
    content = [bytes(range(256)) * 4_000, bytes(range(256)) * 3_000]
    sent = list(body(content))

    form = read_form(sent, body(content).content_type)

    assert len(sent) == 4
    assert form.file
    assert form.file.content == b"".join(content)


def test_sending_ends_when_there_is_no_time_for_another_block() -> None:
    content = [b"x" * (1 << 20)] * 3
    left = [1.0, 1.0]

    sent: list[int] = []
    with pytest.raises(IndexError):
        sent.extend(len(block) for block in body(content, before_block=left.pop))

    assert (2 << 20) <= sum(sent) < (3 << 20)
