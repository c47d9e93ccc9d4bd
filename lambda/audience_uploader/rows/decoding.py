"""What a drop is made of: told by its first bytes, never by its name."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.chunks import CHUNK_BYTES, regrouped
from audience_uploader.rows.file_signatures import how_to_convert
from audience_uploader.rows.gunzip import GZIP_MAGIC, gunzipped

_UTF8_MARK = codecs.BOM_UTF8
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def rehearsal_needed(head: bytes, size: int, *, limit: int) -> bool:
    """Tell whether a drop must be read once without sending, to know that it can be sent whole.

    `head` is its first bytes (two are enough), `size` its bytes as stored, `limit` the most bytes
    of scrubbed rows. True for gzip, whose damage shows at its end, and where `size` leaves room
    for more rows than the limit. Whatever else is refused is refused before the first row is out.
    """
    if head.startswith(GZIP_MAGIC):
        return True
    return size + 1 > limit  # a last line without its line end gains one byte


def decoded(
    blocks: Iterable[bytes], *, most: int, chunk_bytes: int = CHUNK_BYTES
) -> Iterator[bytes]:
    """Yield the text of a drop as UTF-8 without its byte order mark, in chunks of a fixed size.

    Takes plain text, UTF-8 or UTF-16 with a byte order mark, each of them packed by gzip or not;
    `most` bounds the unpacked bytes. Bytes that aren't text pass unchanged: no line of them will
    be valid. Raises DropRefused `unsupported_content`, `damaged_gzip` or `too_big`.
    """
    head, chunks = opened(regrouped(blocks, size=chunk_bytes))
    if head.startswith(GZIP_MAGIC):
        head, chunks = opened(regrouped(gunzipped(chunks, most=most), size=chunk_bytes))
    if advice := how_to_convert(head):
        raise DropRefused("unsupported_content", advice)
    if head[:2] in _UTF16:
        return regrouped(_as_utf8(chunks, _UTF16[head[:2]]), size=chunk_bytes)
    if head.startswith(_UTF8_MARK):
        return regrouped(_without_mark(chunks), size=chunk_bytes)
    return chunks


def opened(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first chunk, b"" if there is none, and all chunks, the first included."""
    first = next(chunks, b"")
    return first, chain([first] if first else [], chunks)


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(chunks)[len(_UTF8_MARK) :]
    yield from chunks


def _as_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(next(chunks)[2:]).encode()
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()
