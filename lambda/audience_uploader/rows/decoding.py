"""What a drop is made of: told by its first bytes, never by its name."""

import codecs
import zlib
from collections.abc import Generator, Iterable, Iterator
from itertools import chain

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.binary import utf16_without_mark
from audience_uploader.rows.chunks import CHUNK_BYTES, regrouped
from audience_uploader.rows.file_signatures import how_to_convert

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib's way of saying: with a gzip header and trailer
_INPUT_BYTES = 64 * 1024
_OUTPUT_BYTES = 256 * 1024
_UTF8_MARK = codecs.BOM_UTF8
_WIDE_MARKS = {  # the mark of UTF-32 begins like that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


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

    Takes plain text, UTF-8 or UTF-16 with a byte order mark or without, UTF-32 with one, each of
    them packed by gzip or not; `most` bounds the unpacked bytes. Other bytes pass unchanged.
    Raises DropRefused `unsupported_content`, `damaged_gzip` or `too_big`.
    """
    head, chunks = opened(regrouped(blocks, size=chunk_bytes))
    if head.startswith(GZIP_MAGIC):
        head, chunks = opened(regrouped(gunzipped(chunks, most=most), size=chunk_bytes))
    if advice := how_to_convert(head):
        raise DropRefused("unsupported_content", advice)
    if mark := next(filter(head.startswith, _WIDE_MARKS), b""):
        text = _as_utf8(chunks, _WIDE_MARKS[mark], mark=len(mark))
        return regrouped(text, size=chunk_bytes)
    if head.startswith(_UTF8_MARK):
        return regrouped(_without_mark(chunks), size=chunk_bytes)
    if encoding := utf16_without_mark(head):
        return regrouped(_as_utf8(chunks, encoding, mark=0), size=chunk_bytes)
    return chunks


def opened(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first chunk, b"" if there is none, and all chunks, the first included."""
    first = next(chunks, b"")
    return first, chain([first] if first else [], chunks)


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(chunks)[len(_UTF8_MARK) :]
    yield from chunks


def _as_utf8(chunks: Iterator[bytes], encoding: str, *, mark: int) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(next(chunks)[mark:]).encode()
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def gunzipped(blocks: Iterable[bytes], *, most: int) -> Iterator[bytes]:
    """Yield the unpacked bytes of a gzip stream, at most 256 KiB at a time.

    Members follow each other as RFC 1952 has it; zero bytes after the last one are padding.
    Raises DropRefused: `damaged_gzip` for a stream that is cut, fails its checksum or is followed
    by something else; `too_big` once more than `most` bytes came out, whatever they hold.
    """
    unpacked = 0
    for part in _members(_small(blocks)):
        unpacked += len(part)
        if unpacked > most:
            raise DropRefused(
                "too_big",
                f"The gzip file unpacks to more than {most:,} bytes: split it, or leave out the "
                "columns that aren't needed.",
            )
        yield part


def _small(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        for start in range(0, len(block), _INPUT_BYTES):
            yield block[start : start + _INPUT_BYTES]


def _members(blocks: Iterator[bytes]) -> Iterator[bytes]:
    data = next(blocks, b"")
    while data:
        data = yield from _member(data, blocks)
        data = _after_padding(data, blocks)


def _after_padding(data: bytes, blocks: Iterator[bytes]) -> bytes:
    data = data.lstrip(b"\0")
    while not data and (block := next(blocks, b"")):
        data = block.lstrip(b"\0")
    return data


def _member(data: bytes, blocks: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """Yield what one member holds, and return the bytes that follow it."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    while not unpacker.eof:
        try:
            part = unpacker.decompress(data, _OUTPUT_BYTES)
        except zlib.error as error:
            raise _damaged() from error
        if part:
            yield part
        data = unpacker.unconsumed_tail or (b"" if unpacker.eof else next(blocks, b""))
        if not data and not part and not unpacker.eof:
            raise _damaged()
    return unpacker.unused_data


def _damaged() -> DropRefused:
    return DropRefused(
        "damaged_gzip",
        "The gzip file is cut short or damaged: nothing of it was sent. Pack it again and drop it "
        "again (`gzip -t <file>` shows whether it is whole).",
    )
