"""HTTP bodies in and out, block by block."""

import sys
from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase

_BLOCK = 1 << 20


class BodyReader:
    """The body of one request: by Content-Length or chunked. Iterating goes on where it stopped.

    A client that goes away in the middle is a ConnectionAbortedError.
    """

    def __init__(self, stream: BufferedIOBase, headers: Message) -> None:
        self._stream = stream
        self._chunked = "chunked" in (headers.get("Transfer-Encoding") or "").lower()
        length = headers.get("Content-Length") or "0"
        self._left = int(length) if length.isdigit() and not self._chunked else 0

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def read(self, most: int) -> bytes:
        """Return the next bytes, `most` at most; empty at the end."""
        if not self._left and self._chunked:
            self._next_chunk()
        block = self._stream.read(min(most, self._left))
        if self._left and not block:
            raise ConnectionAbortedError("the client left in the middle of its request")
        self._left -= len(block)
        if self._chunked and block and not self._left:
            self._stream.readline()
        return block

    def _next_chunk(self) -> None:
        line = self._stream.readline().partition(b";")[0].strip()
        try:
            self._left = int(line, 16)
        except ValueError:
            raise ConnectionAbortedError("a chunk without a size") from None
        if self._left == 0:
            self._chunked = False
            while self._stream.readline().strip():
                pass

    def drain(self, most: int | None = None) -> None:
        """Read on to the end, or for `most` bytes."""
        left = sys.maxsize if most is None else most
        while left > 0 and (block := self.read(min(left, _BLOCK))):
            left -= len(block)
