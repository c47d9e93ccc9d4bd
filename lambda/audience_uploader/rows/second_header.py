"""Files put together from several: a header within that gives the columns another order."""

from collections.abc import Sequence

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.header import name_of, reads_as_names
from audience_uploader.rows.header_names import kind_of
from audience_uploader.rows.layout import Layout
from audience_uploader.rows.validation import bare


def may_be_heading(cell: bytes, layout: Layout) -> bool:
    """Tell whether a cell may name its column; False is certain."""
    text = bare(cell).lower()
    if b"sha" in text or b"hash" in text or not text.isascii():
        return True
    return text.decode() in layout.headings


def check_header_within(cells: Sequence[bytes], line: int, layout: Layout) -> None:
    """Raise DropRefused `ambiguous_columns` for a record that calls the meant columns other names.

    What follows it would be read from columns that aren't meant.
    """
    if not layout.headings:
        return
    own = [layout.headings[column] for column in layout.columns if column < len(layout.headings)]
    names = [name_of(cell).lower() for cell in cells]
    is_reordered = all(name in layout.headings for name in names if name)
    said = [name for name in (names[column] for column in layout.columns) if name not in ("", *own)]
    if any(is_reordered or _is_of_other_kind(name, own) for name in said) and reads_as_names(cells):
        raise DropRefused(
            "ambiguous_columns",
            f"Line {line} is a header that gives the columns another order than the first one, as "
            "where files were put together: nothing was sent. Drop each of the files by itself.",
        )


def _is_of_other_kind(name: str, own: Sequence[str]) -> bool:
    is_hashed = "sha" in name or "hash" in name
    return is_hashed and kind_of(name) not in (None, *map(kind_of, own))
