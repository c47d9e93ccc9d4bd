"""The record that names the columns, within the first lines of a drop."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audience_uploader.rows.csv_cells import Record
from audience_uploader.rows.dialect import is_sep_line
from audience_uploader.rows.header_names import UNNAMED, is_header_word, rank_of
from audience_uploader.rows.other_forms import HEX
from audience_uploader.rows.raw_identifiers import raw_kind
from audience_uploader.rows.validation import bare, is_hash

_WITHIN = 40  # records from the top, comments included
_LONGEST_SHOWN = 48
_NO_NAMES = frozenset({"nan", "null", "none", "n/a", "na", "nil", "undefined", "unknown", "\\n"})
_SHORTEST_HASH = 32
_TOKEN = re.compile(rb"[0-9A-Za-z+/=_\-\\]{28,}")
_LETTER = re.compile(r"[^\W\d_]")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\b.*|\d\d?[./]\d\d?[./]\d{2,4}\b.*")


@dataclass(frozen=True, slots=True)
class Header:
    """The names' cells, the one-based lines they stand on, and how many lines are above the rows.

    Without a header there are no cells and its lines are (0, 0).
    """

    cells: Sequence[bytes] = ()
    lines: tuple[int, int] = (0, 0)
    top: int = 0


def header_of(records: Sequence[Record], calculate_type: str) -> Header:
    """Return the header among the records above the first one that holds a hash.

    The record that knows a name of the format best is taken, one as wide as the rows before
    others. Where no name is known, the first one that isn't a comment is taken if it reads as
    names and stands above hashes.
    """
    above = _above_hashes(records)
    width = _usual_width(records[len(above) :])
    scores = [_score(record, width, calculate_type) for record in above]
    if any(scores):
        return _header(above[scores.index(max(scores))])
    start = _after_comments(above)
    top = above[start - 1].first + above[start - 1].lines if start else 0
    first = next((record for record in above[start:] if not is_blank(record.cells)), None)
    if first and len(above) < len(records) and reads_as_names(first.cells):
        return _header(first)
    return Header(top=top)


def is_blank(cells: Sequence[bytes]) -> bool:
    """Tell whether nothing stands in these cells."""
    return not any(map(bare, cells))


def name_of(cell: bytes) -> str:
    """Return the name in a cell of the header; what isn't UTF-8 is read as Latin-1."""
    text = bare(cell)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def shown(name: str) -> str:
    """Return a name as it may be shown to a person: not one that could be an identifier."""
    if len(name) > _LONGEST_SHOWN or not name.isprintable() or raw_kind(name.encode()):
        return ""
    return "" if _TOKEN.search(name.encode()) and not is_header_word(name) else name


def _header(record: Record) -> Header:
    last = record.first + record.lines
    return Header(record.cells, (record.first + 1, last), last)


def _above_hashes(records: Sequence[Record]) -> Sequence[Record]:
    for number, record in enumerate(records[:_WITHIN]):
        if not _is_comment(record) and any(map(_is_row_of, record.cells)):
            return records[:number]
    return records[:_WITHIN]


def _is_row_of(cell: bytes) -> bool:
    """Tell whether the whole cell is a hash or something raw, as no name or title is."""
    text = bare(cell)
    if len(text) >= _SHORTEST_HASH and (is_hash(text) or not text.translate(None, HEX)):
        return True
    return b" " not in text and bool(raw_kind(text))


def _usual_width(records: Sequence[Record]) -> int:
    widths = Counter(len(record.cells) for record in records if not record.fault)
    return widths.most_common(1)[0][0] if widths else 0


def _score(record: Record, width: int, calculate_type: str) -> int:
    """Return how surely a record names the columns; 0 for one that doesn't."""
    if record.fault or _is_comment(record) or any(raw_kind(cell) for cell in record.cells):
        return 0
    names = [name_of(cell) for cell in record.cells]
    if not any(map(is_header_word, names)):
        return 0
    named = any(rank_of(name, calculate_type) != UNNAMED for name in names)
    return 1 + named + 2 * (len(names) == width)


def _after_comments(records: Sequence[Record]) -> int:
    """Return how many of the first records are comments or `sep=`, blanks among them."""
    return max((n for n, record in enumerate(records, 1) if _is_comment(record)), default=0)


def _is_comment(record: Record) -> bool:
    first = record.cells[0].lstrip() if record.cells else b""
    return bare(first).startswith(b"#") or is_sep_line(first) or bare(first).lower() == b"sep="


def reads_as_names(cells: Sequence[bytes]) -> bool:
    """Tell whether nothing in these cells is a value, as far as their look tells."""
    texts = [bare(cell) for cell in cells]
    names = [name_of(cell) for cell in cells if bare(cell)]
    if any(raw_kind(text) or _TOKEN.search(text) for text in texts):
        return False
    hexadecimal = all(not name.encode().translate(None, HEX) for name in names)
    if hexadecimal and (len(names) == 1 or any(map(str.isdigit, "".join(names)))):
        return False
    return not any(_is_value(name) for name in names)


def _is_value(name: str) -> bool:
    return not _LETTER.search(name) or bool(_DATE.fullmatch(name)) or name.lower() in _NO_NAMES
