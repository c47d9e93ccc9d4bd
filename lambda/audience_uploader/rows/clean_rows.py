"""Rows as TikTok takes them: lines of 64 lower-case hex digits, LF after each."""

from audience_uploader.rows.other_forms import HASH_CHARACTERS

ROW_BYTES = HASH_CHARACTERS + 1
_SHORTEST_HASH = 43  # bytes, in any form
_LOWER_HEX = b"0123456789abcdef"


def is_clean(rows: bytes) -> bool:
    """Tell whether all of it is lines of 64 lower-case hex digits, LF after each."""
    count, odd = divmod(len(rows), ROW_BYTES)
    if odd or rows[HASH_CHARACTERS::ROW_BYTES] != b"\n" * count:
        return False
    return len(rows.translate(None, _LOWER_HEX)) == count


def clean_run(text: bytes, start: int) -> bytes:
    """Return the clean rows from `start` on, as far as their line ends show them to be such."""
    ends = text[start + HASH_CHARACTERS :: ROW_BYTES]
    count = len(ends) - len(ends.lstrip(b"\n"))
    run = text[start : start + count * ROW_BYTES]
    return run if is_clean(run) else b""


def essence_of(sample: bytes) -> bytes:
    """Return a sample that shows the same as this one: two lines of it, if all below are clean."""
    start = sample.find(b"\n") + 1
    if not start or (start >= _SHORTEST_HASH and not is_clean(sample[:start])):
        return sample
    rest = sample[start:] if sample.endswith(b"\n") else sample[start:] + b"\n"
    return sample[: start + ROW_BYTES] if len(rest) > 1 and is_clean(rest) else sample
