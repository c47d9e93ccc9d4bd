"""Chunks are of one size whatever comes, and lines stay whole."""

import pytest
from audience_uploader.rows.chunks import regrouped, whole_lines
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=30), max_size=30), st.integers(1, 40))
def test_regrouped_blocks_are_all_of_one_size_but_the_last(blocks: list[bytes], size: int) -> None:
    chunks = list(regrouped(blocks, size=size))

    assert b"".join(chunks) == b"".join(blocks)
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= size for chunk in chunks[-1:])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text("ab\r\n", max_size=20).map(str.encode), max_size=20))
def test_whole_lines_are_the_lines_of_the_whole(chunks: list[bytes]) -> None:
    texts = list(whole_lines(chunk for chunk in chunks if chunk))

    lines = [line for text in texts for line in text.splitlines()]
    assert lines == b"".join(chunks).splitlines()
    assert b"".join(texts) == b"".join(chunks)


@pytest.mark.parametrize("size", [1000, 64 * 1024, 10**6])
def test_whole_lines_of_an_endless_line_hold_little(size: int) -> None:
    texts = list(whole_lines([b"x" * size] * 20))

    assert len(texts) == 1
    assert len(texts[0]) <= 64 * 1024 + 1
