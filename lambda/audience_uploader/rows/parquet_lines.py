"""Lines as DuckDB writes them, one for each row, made such that each stays one."""

from collections.abc import Iterable, Iterator

from audience_uploader.rows.parquet_sql import CELLS_APART, QUOTE

_ENDS_OF_CELLS = bytes.maketrans(b"\n\r" + CELLS_APART, b"   ")


def unquoted(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same without quotes; within them, what would end a line or a cell is a blank.

    DuckDB puts quotes around the few cells that hold such a byte, which costs less than to look
    for it in each. The blocks may be cut anywhere.
    """
    kept, within = b"", False
    for block in blocks:
        text = kept + block
        quotes = len(text) - len(text.rstrip(QUOTE))
        kept = QUOTE * quotes  # of two that stand for one, the other may come with the next block
        text = text[: len(text) - quotes] if quotes else text
        if within or QUOTE in text:
            parts = text.replace(QUOTE * 2, b" ").split(QUOTE)
            first = 0 if within else 1
            parts[first::2] = [part.translate(_ENDS_OF_CELLS) for part in parts[first::2]]
            within ^= len(parts) % 2 == 0
            text = b"".join(parts)
        yield text
