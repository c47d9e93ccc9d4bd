"""A multipart body that is sent in blocks: flat memory, and a Content-Length."""

from collections.abc import Callable, Iterable, Iterator, Mapping

Blocks = Callable[[], Iterable[bytes]]


class MultipartBody:
    """Fields and one file as multipart/form-data; can be iterated anew for every try.

    `blocks` gives the file's bytes, `size` of them, each time that it is called. `before_block` is
    called before each block and may raise, when there is no time left.

    `requests` sends an object with a length and an iterator as it comes, with a Content-Length,
    while its own `files=` holds the file twice in memory.
    """

    def __init__(
        self,
        fields: Mapping[str, str],
        filename: str,
        blocks: Blocks,
        *,
        size: int,
        boundary: str,
        before_block: Callable[[], object] = lambda: None,
    ) -> None:
        self._head = _head(fields, filename, boundary)
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._blocks = blocks
        self._before_block = before_block
        self._size = size
        self.content_type = f"multipart/form-data; boundary={boundary}"

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        for block in self._blocks():
            self._before_block()
            yield block
        yield self._tail


def _head(fields: Mapping[str, str], filename: str, boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return "".join(parts).encode()
