"""What sets cells apart and quotes them, and whether the quotes of a text are in order."""

import csv
import re
from dataclasses import dataclass
from functools import cache

DELIMITERS = (b",", b";", b"\t", b"|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are set apart, what quotes them, and what escapes a quote (b"" for nothing)."""

    delimiter: bytes = b","
    quote: bytes = b'"'
    escape: bytes = b""

    def is_plain(self, text: bytes) -> bool:
        """Tell whether nothing in a text needs more than a split at the delimiter."""
        return self.quote not in text and not (self.escape and self.escape in text)


@cache
def how_to_read(dialect: Dialect) -> type[csv.Dialect]:
    """Return the dialect as the csv module takes it."""

    class Strict(csv.Dialect):
        delimiter = dialect.delimiter.decode("latin-1")
        quotechar = dialect.quote.decode("latin-1")
        escapechar = dialect.escape.decode("latin-1") or None
        doublequote = True
        skipinitialspace = dialect.delimiter != b" "
        lineterminator = "\n"
        quoting = csv.QUOTE_MINIMAL
        strict = True

    return Strict


def is_in_order(text: bytes, dialect: Dialect) -> bool:
    """Tell whether quotes stand around whole cells only; or around none, and then anywhere."""
    opening, whole = _patterns(dialect)
    return opening.search(text) is None or whole.fullmatch(text) is not None


@cache
def _patterns(dialect: Dialect) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    escaped = rb"|" + re.escape(dialect.escape) + rb"." if dialect.escape else b""
    kept = quote + re.escape(dialect.escape)
    blanks = b"" if dialect.delimiter == b" " else b" *+"
    cell = blanks + rb"(?:%(q)b(?:[^%(k)b]%(e)b|%(q)b%(q)b)*+%(q)b|(?:[^%(k)b%(m)b]%(e)b)*+)" % {
        b"q": quote,
        b"k": kept,
        b"e": escaped,
        b"m": mark,
    }
    opening = rb"(?:\A|%b)%b%b" % (mark, blanks, quote)
    return re.compile(opening, re.DOTALL), re.compile(
        rb"%b(?:%b%b)*+" % (cell, mark, cell), re.DOTALL
    )


def without_blanks_at_quotes(line: bytes, dialect: Dialect) -> bytes:
    """Return the line without blanks between a cell's quotes and its delimiters."""
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    line = re.sub(rb"(%b)[ \t]+(?=%b|\Z)" % (quote, mark), rb"\1", line)
    return re.sub(rb"(\A|%b)[ \t]+(?=%b)" % (mark, quote), rb"\1", line)


def all_quoted(text: bytes, delimiter: bytes) -> bytes:
    """Return the lines without quotes and with NUL between the cells, if every cell has its quotes.

    Else b"". That no quote is left over, and that each line end stood between two of them, shows
    that they stood around the cells and nowhere else.
    """
    text = text.replace(b"\r\n", b"\n") if b"\r" in text else text
    if b"\0" in text or b"\r" in text or not (text[:1] == b'"' and text.endswith(b'"\n')):
        return b""
    inner = text[1:-2].replace(b'"\n"', b"\n")
    if len(text) - 3 - len(inner) != 2 * (text.count(b"\n") - 1):
        return b""
    inner = inner.replace(b'"' + delimiter + b'"', b"\0")
    return b"" if b'"' in inner else inner + b"\n"
