"""No value of another column ever leaves: random tables, written and damaged in many ways.

Each identifier is made of its column and row, so that whatever leaves tells where it stood.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import RowCounts, scrub
from hypothesis import given, settings
from hypothesis import strategies as st

MEANT = "email_sha256"
OTHERS = ("phone_sha256", "maid_sha256", "name", "note", "id", "Opt-in?", "hash_x", "")
TEXTS = st.one_of(
    st.sampled_from(["Ann", "Doe, J", 'say "hi", you', "O'Neil", "C:\\", "", '24"', "x;y", "a|b"]),
    st.sampled_from(["two\nlines", 'end\\"', "'a", '","', '"', "\\", '\\",', "tab\there"]),
    st.text("ab,;\"'\\\n\t| ", max_size=6),
)


@dataclass(frozen=True)
class Table:
    """A table's text, the identifiers that are meant, and those that are not."""

    content: bytes
    meant: frozenset[str]
    other: frozenset[str]


def _minimal(cell: str, mark: str) -> str:
    if any(sign in cell for sign in (mark, '"', "\n", "\r")):
        return _quoted(cell, mark)
    return cell


def _quoted(cell: str, _: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _escaped(cell: str, _: str) -> str:
    return '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _half_escaped(cell: str, _: str) -> str:
    return '"' + cell.replace('"', '\\"') + '"'


def _wrapped(cell: str, _: str) -> str:
    return f'"{cell}"'


def _bare(cell: str, _: str) -> str:
    return cell


WRITERS: list[Callable[[str, str], str]] = [
    *(_minimal, _quoted, _escaped, _half_escaped, _wrapped, _bare),
]


def digest(column: int, row: int) -> str:
    return hashlib.sha256(b"%d %d" % (column, row)).hexdigest()


@st.composite
def tables(draw: st.DrawFn) -> Table:
    others = draw(st.lists(st.sampled_from(OTHERS), min_size=1, max_size=4))
    at = draw(st.integers(0, len(others)))
    names = [*others[:at], MEANT, *others[at:]]
    hashed = [name == MEANT or draw(st.booleans()) for name in names]
    mark = draw(st.sampled_from(",;\t|"))
    write = draw(st.sampled_from(WRITERS))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    rows = draw(st.integers(1, 8))
    cells = [
        [digest(c, r) if hashed[c] else draw(TEXTS) for c in range(len(names))] for r in range(rows)
    ]
    lines = [mark.join(write(cell, mark) for cell in row) for row in cells]
    text = end.join([mark.join(names), *lines, ""])
    other = {digest(c, r) for c in range(len(names)) for r in range(rows) if names[c] != MEANT}
    meant = {digest(at, r) for r in range(rows)}
    return Table(text.encode(), frozenset(meant), frozenset(other))


def sent_of(content: bytes, chunk_bytes: int) -> set[str]:
    try:
        blocks = list(scrub([content], MEANT.upper(), RowCounts(), chunk_bytes=chunk_bytes))
    except DropRefused:
        return set()
    return set(b"".join(blocks).decode().split())


chunk_sizes = st.sampled_from([100, 700, 256 * 1024])


@settings(deadline=None, max_examples=600)
@given(tables(), chunk_sizes)
def test_scrub_random_table_sends_only_the_meant_column(table: Table, chunk_bytes: int) -> None:
    sent = sent_of(table.content, chunk_bytes)

    assert sent <= table.meant


@settings(deadline=None, max_examples=600)
@given(tables(), chunk_sizes, st.data())
def test_scrub_damaged_table_sends_nothing_of_another_column(
    table: Table, chunk_bytes: int, data: st.DataObject
) -> None:
    body = table.content.index(b"\n") + 1
    at = data.draw(st.integers(body, len(table.content)))
    gone = data.draw(st.sampled_from([0, 1, 2, 30, 64, 65, 200]))
    new = data.draw(
        st.sampled_from([b"", b'"', b"'", b"\\", b",", b";", b"\n", b'",', b"\r", b'\\"'])
    )
    content = table.content[:at] + new + table.content[at + gone :]

    sent = sent_of(content, chunk_bytes)

    assert not sent & table.other
