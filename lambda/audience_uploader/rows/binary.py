"""Content that has no file signature: bytes that no text holds, JSON, and UTF-16 without a mark."""

import json
import re
import zlib

_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\x0b\x0c\r"})
_END_OF_FILE = b"\x1a"  # what DOS programs write last
_CTRL_A = b"\x01"
_MOST = 64 * 1024  # bytes that are searched, where a search is more than a comparison
_LONG_LITERALS = (0xF0, 0xF4, 0xF8, 0xFC)  # Snappy's tags for 61 bytes or more of plain text
_LIKE_A_LIST = re.compile(rb"[0-9A-Za-z\s,;|\"'=+/@._:-]{16,}")
_JSON_ADVICE = (
    "This is JSON: write CSV instead, the identifiers one a line or in a column named after the "
    "format (for example email_sha256), and drop that."
)
_BINARY_ADVICE = (
    "This is not text but looks like {}: unpack or export it as CSV (or pack the CSV by gzip) and "
    "drop that."
)
_CONTROLS_ADVICE = (
    "There are NUL or other control bytes in this text, as in binary data: export it as CSV, which "
    "has none, and drop that."
)


def utf16_without_mark(head: bytes) -> str:
    """Return the name of the encoding where every other byte is NUL, as of ASCII in UTF-16."""
    head = head[: _MOST - _MOST % 2]
    pairs = len(head) // 2
    if not pairs or b"\0" not in head:
        return ""
    even, odd = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if even == 0 and odd * 2 > pairs:
        return "utf-16-le"
    return "utf-16-be" if odd == 0 and even * 2 > pairs else ""


def why_not_rows(sample: bytes) -> str:
    """Return a sentence that says what to do with content that isn't rows of text, or "".

    `sample` is the first whole lines of the decoded content. Control bytes aren't text, but for
    Ctrl-A where it stands in nearly every line, as Hive writes it between the cells.
    """
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls and not _are_harmless(sample, controls):
        likeness = _likeness(sample)
        if not likeness and controls * 8 < len(sample) and sample[0] < 0x80:
            return _CONTROLS_ADVICE
        return _BINARY_ADVICE.format(likeness or "binary data")
    if _is_raw_snappy(sample):
        return _BINARY_ADVICE.format("raw Snappy")
    return _JSON_ADVICE if _is_json(sample) else ""


def _are_harmless(sample: bytes, controls: int) -> bool:
    if controls == sample.count(_END_OF_FILE) == len(sample) - len(sample.rstrip(_END_OF_FILE)):
        return True
    if controls != sample.count(_CTRL_A):
        return False
    lines = [line for line in sample.splitlines() if line.strip()]
    return sum(_CTRL_A in line for line in lines) * 10 >= len(lines) * 9


def _likeness(sample: bytes) -> str:
    size, packed = int.from_bytes(sample[:4]), int.from_bytes(sample[4:8])
    if 0 < packed <= 2 * size + 1024 and size < 1 << 28 and len(sample) > 8:
        is_snappy = _varint(sample[8:13]) == min(size, _varint(sample[8:13]))
        is_snappy = is_snappy and _varint(sample[8:13]) * 2 > min(size, 64 * 1024)
        return "Snappy blocks of Hadoop or Firehose" if is_snappy else "LZ4 blocks of Hadoop"
    for window, name in ((-15, "raw deflate"), (15, "zlib (deflate)")):
        if _unpacks(sample, window):
            return name
    if _is_raw_snappy(sample):
        return "raw Snappy"
    return ""


def _is_raw_snappy(sample: bytes) -> bool:
    """Tell whether a length, one of more than 60 bytes of text, and a list come first.

    Hashes pack so badly that the length is hardly less than that of what is packed.
    """
    size = _varint(sample[:5])
    start = next((at for at, byte in enumerate(sample[:5]) if byte < 0x80), 5) + 1
    is_long = size * 7 // 6 + 32 >= len(sample) > 100 and sample[start] in _LONG_LITERALS
    return size >= 0x80 and is_long and bool(_LIKE_A_LIST.search(sample[start:200]))


def _varint(data: bytes) -> int:
    value = 0
    for place, byte in enumerate(data[:5]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value
    return 0


def _unpacks(sample: bytes, window: int) -> bool:
    try:
        text = zlib.decompressobj(window).decompress(sample[:_MOST], _MOST)
    except zlib.error:
        return False
    return len(text) > 64 and not text.translate(None, bytes(range(0x20, 0x7F)) + b"\r\n\t")


def _is_json(sample: bytes) -> bool:
    text = sample.strip()
    if not text.startswith((b"{", b"[")):
        return False
    first = text.split(b"\n", 1)[0].strip().rstrip(b",")
    try:
        return isinstance(json.loads(first), dict | list)
    except ValueError:
        return bool(
            re.match(
                rb"[\[{\s]*(?:\"[^\"\n]{1,100}\"\s*:|\[?\s*[\"']|$)", first + b"\n" + text[:200]
            )
        )
