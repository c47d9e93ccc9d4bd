"""For any bytes at all: the fast reading is the slow one, and the cuts don't matter.

The oracle reads line by line; see also `make fuzz`, which runs it for longer.
"""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows_oracle import CHUNK_SIZES, cut, lines_and_layout, read_by_lines, read_in_blocks

HASHES = [hashlib.sha256(b"id %d" % number).hexdigest() for number in range(6)]
NOTHINGS = [hashlib.sha256(word).hexdigest() for word in (b"", b"nan", b"EMAIL")]

good = st.sampled_from(HASHES)
dressed = st.one_of(
    good,
    good.map(str.upper),
    good.map(lambda digest: f'"{digest}"'),
    good.map(lambda digest: f"'{digest}'"),
    good.map(lambda digest: f" {digest}\t"),
)
odd = st.one_of(
    st.sampled_from([*NOTHINGS, "", '"', '""', "'", "a@b.c", "+1 555 0100123", "x" * 64, "\ufeff"]),
    st.sampled_from(
        ["email_sha256", "id", f'"{HASHES[0]}', f'{HASHES[1]}"', '"a,b"', '"a""b"', "\0"]
    ),
    good.map(lambda digest: digest[:-1]),
    good.map(lambda digest: digest[:-1] + "g"),
    good.map(lambda digest: digest[:32]),
    good.map(lambda digest: digest + digest),
    st.text(max_size=8),
)
other_cell = st.sampled_from(["1", "DE", "", '"q"', '"a,b"', "O'x", "id", " "])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Draw lists and tables: mostly regular, with flaws."""
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\r\r\n"], ["\n", "\r\n", "\r"]]))
    delimiter = draw(st.sampled_from(",;\t|"))
    cells = draw(st.sampled_from([good, dressed, st.one_of(good, odd), st.one_of(dressed, odd)]))
    columns = draw(
        st.sampled_from(
            [[cells], [other_cell, cells], [cells, other_cell], [other_cell, cells, cells]]
        )
    )
    wrap = draw(st.sampled_from(["{}", "{}", '"{}"']))
    rows = draw(st.lists(st.tuples(st.tuples(*columns), st.sampled_from(ends)), max_size=30))
    top = draw(
        st.sampled_from(["", "\ufeff", "email_sha256\n", "id" + delimiter + "hashed_email\r\n"])
    )
    text = top + "".join(delimiter.join(map(wrap.format, row)) + end for row, end in rows)
    return draw(st.sampled_from([text, text[:-1], text[: len(text) // 2]])).encode()


contents = st.one_of(
    tables(),
    tables(),
    st.binary(max_size=300),
    st.text("0aF\n\r\",;' \t@", max_size=200).map(str.encode),
)


@settings(deadline=None, max_examples=500)
@given(contents, st.sampled_from(CHUNK_SIZES))
def test_scrub_any_bytes_agrees_with_reading_line_by_line(content: bytes, chunk_bytes: int) -> None:
    assert read_in_blocks([content], chunk_bytes) == read_by_lines(content, chunk_bytes)


@settings(deadline=None, max_examples=250)
@given(contents, st.lists(st.integers(1, 90), min_size=1, max_size=5), st.sampled_from(CHUNK_SIZES))
def test_scrub_any_cuts_gives_what_the_whole_gives(
    content: bytes, sizes: list[int], chunk_bytes: int
) -> None:
    whole = read_in_blocks([content], chunk_bytes)

    assert read_in_blocks(cut(content, sizes), chunk_bytes) == whole
    assert read_in_blocks(cut(content, [1]), chunk_bytes) == whole


@settings(deadline=None, max_examples=250)
@given(contents)
def test_scrub_any_bytes_sends_nothing_but_rows_and_counts_every_line(content: bytes) -> None:
    result = read_in_blocks([content], 256 * 1024)
    if isinstance(result, str):
        return
    sent, counts = result
    assert all(len(row) == 64 and not row.strip(b"0123456789abcdef") for row in sent.splitlines())
    assert counts.read <= counts.valid + counts.invalid + counts.header
    assert counts.lines == len(lines_and_layout(content, 256 * 1024)[0])
    assert counts.distinct == len(set(sent.splitlines()))
    assert sent == b"" or sent.endswith(b"\n")


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(good, st.sampled_from(["\n", "\r\n", "\r"])), max_size=40),
    st.sampled_from(CHUNK_SIZES),
)
def test_scrub_only_valid_lines_sends_them_all(
    rows: list[tuple[str, str]], chunk_bytes: int
) -> None:
    content = "".join(digest + end for digest, end in rows).encode()

    result = read_in_blocks([content], chunk_bytes)

    assert not isinstance(result, str)
    sent, counts = result
    assert sent == "".join(f"{digest}\n" for digest, _ in rows).encode()
    assert (counts.read, counts.invalid) == (len(rows), 0)


def test_line_ends_of_cr_cr_lf_are_an_empty_line_after_each() -> None:
    content = "\r\r\n".join([*HASHES, "x", ""]).encode()

    result = read_in_blocks([content], CHUNK_SIZES[-1])

    assert result == read_by_lines(content, CHUNK_SIZES[-1])
    assert not isinstance(result, str)
    counts = result[1]
    assert counts.valid == len(HASHES)
    assert counts.rejected["blank"].count == len(HASHES) + 1
    assert counts.rejected["not_hex"].lines == [2 * len(HASHES) + 1]
