"""Rows as TikTok takes them: lines of 64 lower-case hex digits, LF after each."""

from audience_uploader.rows.other_forms import HASH_CHARACTERS

ROW_BYTES = HASH_CHARACTERS + 1
_SHORTEST_HASH = 43  # bytes, in any form
_FIRST_LOOKED_AT = 128  # rows; where there are flaws, one is mostly near
_LOWER_HEX = b"0123456789abcdef"


def is_clean(rows: bytes) -> bool:
    """Tell whether all of it is lines of 64 lower-case hex digits, LF after each."""
    return ends_like_rows(rows) and len(rows.translate(None, _LOWER_HEX)) == len(rows) // ROW_BYTES


def ends_like_rows(text: bytes) -> bool:
    """Tell whether LF stands wherever a row of 64 characters would end, and ends the last."""
    count, odd = divmod(len(text), ROW_BYTES)
    return not odd and text[HASH_CHARACTERS::ROW_BYTES] == b"\n" * count


def has_line_ends(rows: bytes) -> bool:
    """Tell whether LF stands wherever a row of 64 characters would end, and nowhere else."""
    others = len(rows.replace(b"\n", b""))  # three times as fast as to count
    return ends_like_rows(rows) and others * ROW_BYTES == len(rows) * HASH_CHARACTERS


def rows_by_their_ends(text: bytes, start: int) -> int:
    """Return how many lines of 64 bytes follow each other from `start` on."""
    found, rows = 0, _FIRST_LOOKED_AT
    while True:
        begin = start + found * ROW_BYTES
        ends = text[begin + HASH_CHARACTERS : begin + rows * ROW_BYTES : ROW_BYTES]
        count = len(ends) - len(ends.lstrip(b"\n"))
        found += count
        if count < rows:
            return found
        rows *= 4


def split_sample(sample: bytes) -> tuple[bytes, bytes]:
    """Return a sample's first lines, which show the same as all of it, and what is clean of it.

    Where all is clean, or all below a short first line, two lines are enough; else the second is
    b"".
    """
    start = sample.find(b"\n") + 1
    if start != ROW_BYTES and start >= _SHORTEST_HASH:
        return sample, b""
    rows = sample if start == ROW_BYTES else sample[start:]
    complete = rows if rows.endswith(b"\n") else rows + b"\n"
    if len(complete) < ROW_BYTES or not is_clean(complete):
        return sample, b""
    whole = rows[: len(rows) - len(rows) % ROW_BYTES]
    return sample[: len(sample) - len(rows) + ROW_BYTES], whole
