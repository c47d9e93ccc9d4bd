"""multipart/form-data (RFC 7578), by way of the disk: a file never stands in memory as a whole."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_string
from email.message import Message
from email.utils import collapse_rfc2231_value
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile

from local.tiktok_simulator.id_file import IdFile

_LONGEST_FIELD = 65_536


class BadFormError(ValueError):
    """The body is no multipart/form-data: no boundary, no end, or a part without a name."""


@dataclass(slots=True)
class Form:
    """The fields by name, and the file part called `file` if one came with a filename."""

    fields: dict[str, str] = field(default_factory=dict)
    file: IdFile | None = None

    def take(self, body: mmap, begin: int, end: int) -> None:
        """Take the part that begins with the line break before its headers."""
        blank_line = body.find(b"\r\n\r\n", begin, end)
        if blank_line < 0:
            raise BadFormError("a part without an end of its headers")
        headers = message_from_string(body[begin + 2 : blank_line].decode("utf-8", "replace"))
        begin = blank_line + 4
        name = headers.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise BadFormError("a part without a name")
        # Not get_filename(), which strips blanks: a name must end exactly in its suffix.
        filename = headers.get_param("filename", header="content-disposition")
        if name == "file" and filename is not None:
            self.file = IdFile(collapse_rfc2231_value(filename), body, begin, end)
        else:
            value = body[begin : min(end, begin + _LONGEST_FIELD)]
            self.fields[name] = value.decode("utf-8", "replace")


def read_form(blocks: Iterable[bytes], content_type: str) -> Form:
    """Return the form in a request body that comes in blocks; BadFormError if it is none."""
    # The delimiter's text inside a longer line is content.
    delimiter = re.compile(rb"\r\n--%s(--|(?=\r\n))" % re.escape(_boundary(content_type)))
    body = _on_disk(blocks)
    form, begin = Form(), -1
    for found in delimiter.finditer(body):
        if begin >= 0:
            form.take(body, begin, found.start())
        if found.group(1):
            return form
        begin = found.end()
    raise BadFormError("the body ends in the middle of a part")


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise BadFormError("Content-Type must be multipart/form-data with a boundary")
    return boundary.encode("latin-1")


def _on_disk(blocks: Iterable[bytes]) -> mmap:
    with TemporaryFile() as file:
        # The first delimiter may lack the line break before it; this one gives it one.
        file.write(b"\r\n")
        file.writelines(blocks)
        file.flush()
        return mmap(file.fileno(), 0, access=ACCESS_READ)
