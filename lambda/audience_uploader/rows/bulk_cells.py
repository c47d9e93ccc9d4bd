"""Cells picked from many lines at once, to be trusted only where they are 64 hex digits.

The argument that this agrees with reading.py: each function below picks a cell in such a way that,
if it is 64 hex digits, the slow reading of that line finds the same one. Whatever else it picks
means nothing but "read this line slowly".
"""

from audience_uploader.rows.chunks import LONGEST_LINE_BYTES
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.validation import HASH_CHARACTERS

_READ_SLOWLY = b""


def picked_cells(lines: list[bytes], layout: Layout) -> list[bytes]:
    """Return a new list with a cell for each line: its identifier, or something shorter or odder.

    Only what is 64 hex digits may be believed; every other line is to be read slowly.
    """
    text = b"\n".join(lines)
    if _has_overlong(text):
        return [_READ_SLOWLY] * len(lines)
    if b'"' in text or b"'" in text:
        return _from_quoted(lines, text, layout)
    if layout.delimiter in text:
        return _split(lines, layout.delimiter, layout.column)
    if layout.column:
        return [_READ_SLOWLY] * len(lines)
    return [line.strip() for line in lines] if b" " in text or b"\t" in text else list(lines)


def _has_overlong(text: bytes) -> bool:
    start = 0
    while len(text) - start > LONGEST_LINE_BYTES:
        start = text.rfind(b"\n", start, start + LONGEST_LINE_BYTES + 1) + 1
        if not start:
            return True
    return False


def _split(lines: list[bytes], delimiter: bytes, column: int) -> list[bytes]:
    end = column + 1
    try:
        return [line.split(delimiter, end)[column] for line in lines]
    except IndexError:
        missing = [_READ_SLOWLY] * end
        return [(line.split(delimiter, end) + missing)[column] for line in lines]


def _from_quoted(lines: list[bytes], text: bytes, layout: Layout) -> list[bytes]:
    if separated := _all_quoted(text, len(lines), layout.delimiter):
        return _split(separated, b"\0", layout.column)
    if layout.column == 0:
        return [_inside(line) for line in lines]
    return [
        _READ_SLOWLY if b'"' in line or b"'" in line else cell
        for line, cell in zip(lines, _split(lines, layout.delimiter, layout.column), strict=True)
    ]


def _all_quoted(text: bytes, count: int, delimiter: bytes) -> list[bytes]:
    """Return the lines without quotes and NUL between the cells, if every cell has its quotes.

    Else return []. That no quote is left over, and that each line end stood between two of them,
    shows that they stood around the cells and nowhere else.
    """
    if b"\0" in text or not (text.startswith(b'"') and text.endswith(b'"')):
        return []
    inner = text[1:-1].replace(b'"\n"', b"\n")
    if len(text) - len(inner) != 2 * count:
        return []
    inner = inner.replace(b'"' + delimiter + b'"', b"\0")
    return [] if b'"' in inner else inner.split(b"\n")


def _inside(line: bytes) -> bytes:
    if len(line) == HASH_CHARACTERS + 2 and line[:1] in (b'"', b"'") and line[:1] == line[-1:]:
        return line[1:-1]
    return line
