"""Random drops: lists and tables with flaws, in every encoding, and then damaged."""

import gzip
import hashlib
import random
from collections.abc import Callable

_HASHES = [hashlib.sha256(b"person %d" % number).hexdigest() for number in range(50)]
_NOTHINGS = [hashlib.sha256(word).hexdigest() for word in (b"", b"nan", b"NULL", b"email_sha256")]
_ODD = (
    *("", " ", '"', '""', "'", "a@b.c", "+1 555 0100123", "nan", "\ufeff", "\0", '"a,b"', '"a""b"'),
    *(
        "email_sha256",
        "x" * 64,
        "a" * 32,
        "1" * 10,
        "ß",
        "\x85",
        "\u2028",
        "\x0b",
        "\x1c",
        "z" * 70_000,
    ),
)
_OTHERS = ("1", "DE", "", "x y", '"q"', '"a,b"', "O'Neil", "=1+1", "2026-11-24")
_ENDS = (("\n",), ("\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r", "\n\r"))
_TOPS = (
    "",
    "",
    "",
    "\ufeff",
    "email_sha256\n",
    '"hem"\r\n',
    "id,hashed_email\n",
    "\n\nid;SHA256_Email\n",
)
_MAGICS = (
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b\x08",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"BZh9",
)


def random_drop(chance: random.Random) -> bytes:
    """Return the content of a drop, at most some hundred kilobytes."""
    content = _encoded(_text(chance), chance)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 5))):
        content = chance.choice(_DAMAGES)(content, chance)
    return content


def _text(chance: random.Random) -> str:
    delimiter, ends = chance.choice(",,;\t|"), chance.choice(_ENDS)
    columns = chance.choice((1, 1, 1, 2, 3, 5))
    at, wrap = chance.randrange(columns), chance.choice(("{}", "{}", "{}", '"{}"', "'{}'", " {} "))
    flaws = chance.choice((0, 0, 0.01, 0.1, 0.5))

    def row() -> str:
        cells = [chance.choice(_OTHERS) for _ in range(columns)]
        cells[at] = _cell(chance, flaws)
        if chance.random() < flaws / 4:
            cells = cells[: chance.randrange(columns + 1)]
        return delimiter.join(map(wrap.format, cells)) + chance.choice(ends)

    return chance.choice(_TOPS) + "".join(row() for _ in range(chance.choice((1, 5, 40, 300))))


def _cell(chance: random.Random, flaws: float) -> str:
    digest = chance.choice(_HASHES)
    if chance.random() >= flaws:
        return digest
    dressed = (
        digest.upper(),
        f'"{digest}"',
        f"'{digest}'",
        f" {digest}\t",
        f'"{digest}',
        f"{digest},",
    )
    flawed = (digest[:63], digest + "0", digest[:40] + "g" + digest[41:], chance.choice(_NOTHINGS))
    return chance.choice((*dressed, *flawed, chance.choice(_ODD)))


def _encoded(text: str, chance: random.Random) -> bytes:
    kind = chance.randrange(10)
    if kind == 0:
        return b"\xff\xfe" + text.encode("utf-16-le")
    if kind == 1:
        return b"\xfe\xff" + text.encode("utf-16-be")
    content = text.encode()
    if kind in (2, 3):
        at = chance.randrange(len(content) + 1)
        return gzip.compress(content[:at], 1) + gzip.compress(content[at:], 1)
    return content


def _flipped(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _shortened(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _without_a_piece(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + content[at + chance.randrange(100) :]


def _with_a_piece(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    piece = chance.choice((b"\r", b"\n", b'"', b"'", b",", b"\0" * 600, chance.randbytes(20)))
    return content[:at] + piece + content[at:]


def _with_magic(content: bytes, chance: random.Random) -> bytes:
    return chance.choice(_MAGICS) + content


def _doubled(content: bytes, chance: random.Random) -> bytes:
    return content + content[chance.randrange(len(content) + 1) :]


def _noise(content: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(min(len(content), 5000))


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flipped, _shortened, _without_a_piece, _with_a_piece, _with_magic, _doubled, _noise),
)
