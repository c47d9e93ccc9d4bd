"""Files as they come and then damaged, thousands of them: refused as documented, or read right.

This is `make fuzz`; test_rows_any_bytes.py does the same for a second with every run.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.rows_oracle import CHUNK_SIZES, cut, read_by_lines, read_in_blocks

HASHES = [hashlib.sha256(b"person %d" % number).hexdigest() for number in range(20)]
NOTHINGS = [hashlib.sha256(word).hexdigest() for word in (b"", b"nan", b"NULL", b"email_sha256")]
REFUSALS = {"damaged_gzip", "unsupported_content", "ambiguous_columns", "too_big"}
TOPS = ("", "\ufeff", "email_sha256\n", '"hem"\r\n', "id,hashed_email\n", "\n\nid;SHA256_Email\n")
MAGICS = (b"PK\x03\x04", b"\x1f\x8b\x08", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"BZh9")
ODD = (
    *("", " ", '"', '""', "'", "a@b.c", "+1 555 0100123", "nan", "\ufeff", "\0", '"a,b"', '"a""b"'),
    *("email_sha256", "x" * 64, "1" * 10, "ß", "\x85", "\u2028", "\x0b", "\x1c", "z" * 70_000),
)
pieces = st.sampled_from([b"\r", b"\n", b'"', b"'", b",", b"\0" * 600, *MAGICS])
hexes = st.sampled_from(HASHES)
flawed = st.one_of(
    hexes.map(str.upper),
    hexes.map(lambda digest: digest[:63]),
    hexes.map(lambda digest: digest[:40] + "g" + digest[41:]),
    hexes.map(lambda digest: f'"{digest}'),
    hexes.map(lambda digest: f" {digest}\t"),
    st.sampled_from([*NOTHINGS, *ODD]),
)
cells = st.one_of(hexes, hexes, hexes, flawed)
others = st.sampled_from(["1", "DE", "", "x y", '"q"', '"a,b"', "O'Neil", "=1+1"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw a list or a table with some flaws."""
    delimiter = draw(st.sampled_from(",;\t|"))
    wrap = draw(st.sampled_from(["{}", "{}", '"{}"', "'{}'", " {} "]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"]))
    columns = draw(st.sampled_from([[cells], [others, cells], [cells, others, cells]]))
    rows = draw(st.lists(st.tuples(*columns), max_size=40))
    times = draw(st.sampled_from([1, 1, 20]))
    lines = [delimiter.join(map(wrap.format, row)) + end for row in rows] * times
    return draw(st.sampled_from(TOPS)) + "".join(lines)


def two_members(at: int, content: bytes) -> bytes:
    return gzip.compress(content[:at], 1, mtime=0) + gzip.compress(content[at:], 1, mtime=0)


def without(at: int, size: int, content: bytes) -> bytes:
    return content[:at] + content[at + size :]


def with_piece(at: int, piece: bytes, content: bytes) -> bytes:
    return content[:at] + piece + content[at:]


places = st.integers(0, 4000)
damages: st.SearchStrategy[Callable[[bytes], bytes]] = st.one_of(
    st.builds(partial, st.just(two_members), places),
    st.builds(partial, st.just(without), places, st.sampled_from([1, 70, 10**6])),
    st.builds(partial, st.just(with_piece), st.just(0) | places, pieces | st.binary(max_size=20)),
)
encodings = st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "utf-16-be", "latin-1"])


@st.composite
def drops(draw: st.DrawFn) -> bytes:
    """Draw the content of a drop, at most some hundred kilobytes."""
    content = draw(texts()).encode(draw(encodings), "replace")
    for damage in draw(st.lists(damages, max_size=3)):
        content = damage(content)
    return content


@pytest.mark.long
@settings(
    deadline=None,
    max_examples=4_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drops(), st.sampled_from(CHUNK_SIZES), st.lists(st.integers(1, 200), min_size=1, max_size=5))
def test_scrub_damaged_drop_is_read_as_line_by_line_or_refused_as_documented(
    content: bytes, chunk_bytes: int, sizes: list[int]
) -> None:
    result = read_in_blocks([content], chunk_bytes)

    assert result == read_by_lines(content, chunk_bytes)
    assert result == read_in_blocks(cut(content, sizes), chunk_bytes)
    if isinstance(result, str):
        assert result in REFUSALS
        return
    sent, counts = result
    assert counts.read <= counts.valid + counts.invalid + counts.header
    assert len(sent.splitlines()) == counts.valid
    assert all(len(row) == 64 and not row.strip(b"0123456789abcdef") for row in sent.splitlines())
