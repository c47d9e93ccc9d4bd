"""gzip, unpacked as it comes: several members, bounded output, and damage told from the end."""

import zlib
from collections.abc import Generator, Iterable, Iterator

from audience_uploader.domain.outcomes import DropRefused

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib's way of saying: with a gzip header and trailer
_INPUT_BYTES = 64 * 1024
_OUTPUT_BYTES = 256 * 1024


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
