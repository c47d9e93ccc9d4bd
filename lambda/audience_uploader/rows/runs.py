"""Runs of clean lines between a few flawed ones, taken whole."""

from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.findings import Findings
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.line_reader import judged
from audience_uploader.rows.placeholder_hashes import holds_nothing
from audience_uploader.rows.validation import HASH_CHARACTERS

ROW_BYTES = HASH_CHARACTERS + 1
_LOWER_HEX = b"0123456789abcdef"
# Where runs are shorter than this, on average, a list of lines is faster.
_SHORTEST_RUN = 16
_FLAWS_AT_FIRST = 4


def is_clean(rows: bytes) -> bool:
    """Tell whether all of it is lines of 64 lower-case hex digits, LF after each."""
    count, odd = divmod(len(rows), ROW_BYTES)
    if odd or rows[HASH_CHARACTERS::ROW_BYTES] != b"\n" * count:
        return False
    return len(rows.translate(None, _LOWER_HEX)) == count


def rows_of_runs(text: bytes, counts: RowCounts, layout: Layout) -> tuple[bytes, int]:
    """Return the rows of the first lines of a block, counted, and where in it the others begin.

    Stops where flaws are frequent. The identifier must stand in the first column, so that a line
    of nothing but 64 hex digits is one.
    """
    rows: list[bytes] = []
    findings, start, flaws = Findings(), 0, 0
    while flaws * _SHORTEST_RUN <= findings.lines + _FLAWS_AT_FIRST * _SHORTEST_RUN:
        run = _clean_run(text, start)
        rows.append(run)
        findings.lines += len(run) // ROW_BYTES
        start += len(run)
        if start == len(text):
            break
        end = text.find(b"\n", start) + 1 or len(text)
        rows += _identifiers(text[start:end].splitlines(), layout, findings)
        start, flaws = end, flaws + 1
    joined = b"".join(rows)
    if holds_nothing(joined):
        return b"", 0
    findings.count(counts)
    return joined, start


def _clean_run(text: bytes, start: int) -> bytes:
    """Return the clean lines from `start` on, as far as their line ends show them to be such."""
    ends = text[start + HASH_CHARACTERS :: ROW_BYTES]
    count = len(ends) - len(ends.lstrip(b"\n"))
    run = text[start : start + count * ROW_BYTES]
    return run if is_clean(run) else b""


def _identifiers(lines: list[bytes], layout: Layout, findings: Findings) -> list[bytes]:
    rows = []
    for line in lines:
        identifier, fault = judged(line, layout)
        if fault:
            findings.faults[fault].append(findings.lines)
        else:
            rows.append(identifier + b"\n")
        findings.lines += 1
    return rows
