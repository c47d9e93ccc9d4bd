"""multipart/form-data (RFC 7578), read as it streams: a file never stands in memory as a whole."""

from collections.abc import Callable, Iterable, Iterator
from email.message import Message
from email.utils import collapse_rfc2231_value

from local.tiktok_simulator.id_file import IdFile

_LONGEST_FIELD = 65_536
_LONGEST_HEADERS = 16_384


class BadFormError(ValueError):
    """The body is no multipart/form-data: no boundary, no end, or a part without a name."""


class Form:
    """The fields by name, and the file part called `file` if one came with a filename."""

    def __init__(self, *, keep: bool) -> None:
        self.file: IdFile | None = None
        self._raw: dict[str, bytearray] = {}
        self._keep = keep

    @property
    def fields(self) -> dict[str, str]:
        """The fields as text; decoded as a whole, since a block may end inside a character."""
        return {name: raw.decode("utf-8", "replace") for name, raw in self._raw.items()}

    def part(self, headers: Message) -> Callable[[bytes], None]:
        """Return where the content of the part with these headers goes, block by block."""
        name = headers.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise BadFormError("a part without a name")
        # Not get_filename(), which strips blanks: a name must end exactly in its suffix.
        filename = headers.get_param("filename", header="content-disposition")
        if name == "file" and filename is not None:
            self.file = IdFile(collapse_rfc2231_value(filename), keep=self._keep)
            return self.file.feed
        self._raw[name] = bytearray()
        return lambda block: self._add(name, block)

    def _add(self, name: str, block: bytes) -> None:
        raw = self._raw[name]
        raw += block[: max(0, _LONGEST_FIELD - len(raw))]


def read_form(blocks: Iterable[bytes], content_type: str, *, keep: bool = False) -> Form:
    """Return the form in a request body that comes in blocks; BadFormError if it is none.

    `keep` keeps the raw bytes of the file too.
    """
    delimiter = b"\r\n--" + _boundary(content_type)
    form = Form(keep=keep)
    sink: Callable[[bytes], None] = _preamble
    # The first delimiter may lack the line break before it; this one gives it one.
    body = _Body(blocks, b"\r\n")
    while True:
        for content in body.until(delimiter):
            sink(content)
        if body.take(2) == b"--":
            return form
        sink = form.part(_headers(body.headers()))


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise BadFormError("Content-Type must be multipart/form-data with a boundary")
    return boundary.encode("latin-1")


def _preamble(_: bytes) -> None:
    """Ignore what stands before the first part."""


def _headers(raw: bytes) -> Message:
    message = Message()
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        message[name.strip()] = value.strip()
    return message


class _Body:
    """A window over the blocks: never more than one block and a piece of the one before."""

    def __init__(self, blocks: Iterable[bytes], start: bytes) -> None:
        self._blocks = iter(blocks)
        self._window = start

    def _grow(self) -> None:
        block = next(self._blocks, b"")
        if not block:
            raise BadFormError("the body ends in the middle of a part")
        self._window += block

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes, without moving on if they open a header block."""
        while len(self._window) < count:
            self._grow()
        return self._window[:count]

    def until(self, delimiter: bytes) -> Iterator[bytes]:
        """Return all bytes before the next delimiter line, in pieces; moves on to behind it."""
        while True:
            at = self._window.find(delimiter)
            end = at + len(delimiter)
            if at < 0:
                keep = len(delimiter) - 1
                if len(self._window) > keep:
                    yield self._window[:-keep]
                    self._window = self._window[-keep:]
                self._grow()
            elif len(self._window) < end + 2:
                self._grow()
            elif self._window[end : end + 2] in (b"--", b"\r\n"):
                yield self._window[:at]
                self._window = self._window[end:]
                return
            else:
                # The delimiter's text inside a longer line is content.
                yield self._window[:end]
                self._window = self._window[end:]

    def headers(self) -> bytes:
        """Return the header lines of a part, without the blank line; moves on to the content."""
        while (at := self._window.find(b"\r\n\r\n")) < 0:
            if len(self._window) > _LONGEST_HEADERS:
                raise BadFormError("the headers of a part are too long")
            self._grow()
        raw, self._window = self._window[:at], self._window[at + 4 :]
        return raw.removeprefix(b"\r\n")
