"""Blocks whose lines differ in nothing but the hash, which become rows by a few operations."""

import re
from functools import lru_cache

from audience_uploader.rows.clean_rows import has_line_ends, is_clean
from audience_uploader.rows.csv_cells import Records
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import fault_of_record
from audience_uploader.rows.other_forms import HASH_CHARACTERS
from audience_uploader.rows.placeholder_hashes import holds_nothing
from audience_uploader.rows.validation import identifier_in

_NO_ROW = b"\0"
_ROWS_ALONE = bytes(
    byte if byte in b"0123456789abcdef\n" else 0 for byte in bytes(range(256)).lower()
)
# what stands around a hash is kept short, so that comparing it stays cheap
_FIRST_LINE = re.compile(
    rb"(?P<lead>[^\n\r0-9a-zA-Z]{0,8})(?P<hash>[0-9a-fA-F]{64})(?P<tail>[^\n\r0-9a-zA-Z]{0,8}\r?\n)"
)
_ANY_HASH = b"0123456789abcdef" * 4


def rows_of_uniform(text: bytes, layout: Layout, clean: bytes) -> bytes:
    """Return the rows of lines that differ in nothing but the hash, or b"" for other lines."""
    if layout.is_list and (text == clean or is_clean(text)):
        return b"" if layout.width > 1 or holds_nothing(text) else text
    first = _FIRST_LINE.match(text)
    if first is None or not _holds_it(first["lead"], first["tail"], layout):
        return b""
    lead, tail = first["lead"], first["tail"]
    if not _around_each_hash(text, lead, tail):
        return b""
    around = (lead + tail).replace(b"\n", b"")
    if first["hash"] == first["hash"].lower():  # to delete alone is faster
        rows = _without(text, around)
        return rows if is_clean(rows) and not holds_nothing(rows) else b""
    rows = text.translate(_ROWS_ALONE, around)
    return rows if _NO_ROW not in rows and has_line_ends(rows) and not holds_nothing(rows) else b""


def _without(text: bytes, around: bytes) -> bytes:
    if len(set(around)) == 1:  # twice as fast
        return text.replace(around[:1], b"")
    return text.translate(None, around)


@lru_cache(maxsize=64)
def _holds_it(lead: bytes, tail: bytes, layout: Layout) -> bool:
    """Tell whether a hash between these is the only identifier of a record that is a line."""
    line = (lead + _ANY_HASH + tail).rstrip(b"\r\n")
    record = next(iter(Records([line], layout.dialect, complete=True)))
    if fault_of_record(record, layout) or len(layout.columns) != 1:
        return False
    return identifier_in(record.cells[layout.columns[0]]) == (_ANY_HASH, "", "")


def _around_each_hash(text: bytes, lead: bytes, tail: bytes) -> bool:
    """Tell whether `lead`, 64 bytes and `tail` are repeated without a gap, whatever the 64 are."""
    period = len(lead) + HASH_CHARACTERS + len(tail)
    count, odd = divmod(len(text), period)
    if odd:
        return False
    places = [*range(len(lead)), *range(len(lead) + HASH_CHARACTERS, period)]
    return all(text[place::period] == text[place : place + 1] * count for place in places)
