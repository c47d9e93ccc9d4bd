"""Blocks of any size, cut anew: into chunks of one size, then into whole lines.

Everything after this module sees the same bytes whichever way the blocks were cut.
"""

from collections.abc import Iterable, Iterator

CHUNK_BYTES = 256 * 1024  # fits a core's cache, and large enough to hide the cost of a call
LONGEST_LINE_BYTES = 64 * 1024


def regrouped(blocks: Iterable[bytes], *, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Yield the same bytes in chunks of exactly `size` bytes; only the last may be shorter."""
    waiting: list[bytes] = []
    held = 0
    for block in blocks:
        start = 0
        if held + len(block) >= size:
            if held:
                start = size - held
                yield b"".join([*waiting, block[:start]])
            end = len(block) - (len(block) - start) % size
            yield from (block[at : at + size] for at in range(start, end, size))
            waiting, held, start = [], 0, end
        if start < len(block):
            waiting.append(block[start:])
            held += len(block) - start
    if held:
        yield b"".join(waiting)


def whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield blocks of whole lines with their line ends; only the last line may lack one.

    LF, CRLF and a lone CR end a line, inside quotes as well, as bytes.splitlines() has it. A line
    that grows over LONGEST_LINE_BYTES is cut to one byte more than that: memory stays flat, and
    the reader still sees that it was too long.
    """
    rest = b""
    for chunk in chunks:
        if cut := _after_last_line_end(chunk):
            yield b"".join((rest, memoryview(chunk)[:cut]))  # a chunk is copied once
        else:
            chunk = rest + chunk  # the rest may end with half a CRLF
            if cut := _after_last_line_end(chunk):
                yield chunk[:cut]
        rest = _shortened(chunk[cut:])
    if rest:
        yield rest


def sample_of(first: bytes, *, chunk_bytes: int) -> bytes:
    """Return the lines to judge a content by: the whole ones of its first chunk."""
    if len(first) < chunk_bytes:
        return first  # there is no more, so the last line is whole
    return first[: _after_last_line_end(first)] or first


def _after_last_line_end(text: bytes) -> int:
    end = len(text) - text.endswith(b"\r")  # this CR may be the first half of a CRLF
    line_feed = text.rfind(b"\n", 0, end)
    return max(line_feed, text.rfind(b"\r", line_feed + 1, end)) + 1


def _shortened(rest: bytes) -> bytes:
    if len(rest) <= LONGEST_LINE_BYTES + 1:
        return rest
    return rest[: LONGEST_LINE_BYTES + 1] + (b"\r" if rest.endswith(b"\r") else b"")
