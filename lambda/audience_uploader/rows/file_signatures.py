"""File formats that aren't rows of text, known by their first bytes, and the way out of each."""

import re

PARQUET, PARQUET_ENCRYPTED = b"PAR1", b"PARE"  # at the beginning, and at the end

_FOR_EXCEL = "This is an Excel workbook: save it as CSV and drop that."
_FOR_ZIP = "This is a zip archive: unpack it and drop the CSV files, or pack each by gzip instead."
_FOR_PARQUET = (
    "This is Parquet: deploy with the setting `parquet_support: true` to have it read, choose CSV "
    "as the result format of the query, or convert it to CSV."
)
_FOR_TABLE = "This is {}: export the identifiers as CSV and drop that."
_FOR_PACKED = "This is packed by {}: unpack it, or pack it by gzip, and drop that."
_FOR_ENCRYPTED = (
    "This is encrypted ({}): decrypt it and drop the CSV; the bucket encrypts what it keeps."
)

# The first that fits counts. Binary signatures only, or texts that no list of rows begins with.
_KINDS: tuple[tuple[bytes, str], ...] = (
    (rb"PK\x03\x04.{26}(?:\[Content_Types\]|_rels/|xl/|docProps/)", _FOR_EXCEL),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _FOR_EXCEL),
    (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", _FOR_ZIP),
    (rb"PAR[1E]", _FOR_PARQUET),
    (rb"ORC[\x00-\x1f]", _FOR_TABLE.format("ORC")),
    (rb"Obj\x01", _FOR_TABLE.format("Avro")),
    (rb"ARROW1\x00", _FOR_TABLE.format("Arrow")),
    (rb"SQLite format 3\x00", _FOR_TABLE.format("a SQLite database")),
    (rb"%PDF-", _FOR_TABLE.format("a PDF")),
    (rb"\x1f\x8b", "This is gzip within gzip: pack the CSV once."),
    (rb"7z\xbc\xaf\x27\x1c", _FOR_PACKED.format("7-Zip")),
    (rb"Rar!\x1a\x07", _FOR_PACKED.format("RAR")),
    (rb"\x28\xb5\x2f\xfd", _FOR_PACKED.format("Zstandard")),
    (rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", _FOR_PACKED.format("bzip2")),
    (rb"\xfd7zXZ\x00", _FOR_PACKED.format("xz")),
    (rb"\x04\x22\x4d\x18", _FOR_PACKED.format("LZ4")),
    (rb"\xff\x06\x00\x00sNaPpY", _FOR_PACKED.format("Snappy")),
    (rb"\x82SNAPPY\x00", _FOR_PACKED.format("Snappy")),
    (rb"\x89LZO\x00\r\n\x1a\n", _FOR_PACKED.format("LZO")),
    (rb"SEQ[\x04-\x06]", _FOR_TABLE.format("a Hadoop sequence file")),
    (rb"LZIP\x01", _FOR_PACKED.format("lzip")),
    (rb"\x1f[\x9d\xa0]", _FOR_PACKED.format("compress")),
    (rb".{257}ustar[\x00 ]", "This is a tar archive: unpack it and drop the CSV files."),
    (rb"\s*-----BEGIN PGP ", _FOR_ENCRYPTED.format("PGP")),
    (
        rb"(?:\x84.|\x85..|\xc1[\x00-\xbf]|\xc1[\xc0-\xdf].)[\x03\x06]",
        _FOR_ENCRYPTED.format("PGP"),
    ),
    (rb"(?:\x8c|\xc3)[\x04-\x40][\x04-\x06][\x01-\x0e]", _FOR_ENCRYPTED.format("PGP")),
    (rb"age-encryption\.org/|-----BEGIN AGE ", _FOR_ENCRYPTED.format("age")),
    (rb"Salted__", _FOR_ENCRYPTED.format("OpenSSL")),
    (rb"[\x50-\x5f]\x2a\x4d\x18", _FOR_PACKED.format("Zstandard or LZ4")),
    (rb"\s*<(?i:!doctype html|html)[\s>]", _FOR_TABLE.format("a web page (HTML)")),
    (rb"\s*<\?xml\s", _FOR_TABLE.format("XML")),
    (rb"\{\\rtf", _FOR_TABLE.format("a text document (RTF)")),
    (rb"(?i:INSERT INTO|CREATE TABLE) ", _FOR_TABLE.format("SQL")),
    (rb"RD[AXBs][2-5]?\n|X\n\x00\x00", _FOR_TABLE.format("R's own format")),
    (rb"\x80[\x02-\x05](?:\x95|c|\]|\})", _FOR_TABLE.format("a Python pickle")),
    (
        rb"version https://git-lfs\.github\.com/",
        "This is a pointer of Git LFS and not the file itself: fetch the file and drop that.",
    ),
)


_ANY = re.compile(b"|".join(signature for signature, _ in _KINDS), re.DOTALL)


def how_to_convert(head: bytes) -> str:
    """Return a sentence that says what to do with content of this kind, or "" for rows of text.

    `head` is the first bytes of the content, 512 of them where there are so many.
    """
    if not _ANY.match(head):
        return ""
    return next(advice for signature, advice in _KINDS if re.match(signature, head, re.DOTALL))


def is_parquet(head: bytes) -> bool:
    """Tell whether content that begins so is Parquet, encrypted or not; four bytes are enough."""
    return head.startswith((PARQUET, PARQUET_ENCRYPTED))
