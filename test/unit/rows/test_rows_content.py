"""Content that isn't rows of text, gzip in every condition, and the limits."""

import bz2
import gzip
import io
import lzma
import random
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import RowCounts, scrub
from audience_uploader.rows.decoding import rehearsal_needed

Scrub = Callable[..., Any]


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


UNSUPPORTED = {
    "zip": (archive("a.csv"), "zip"),
    "zip, empty": (archive(), "zip"),
    "xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "Excel"),
    "Parquet": (b"PAR1\x15\x04\x15\x10", "Parquet"),
    "Parquet, encrypted": (b"PARE\x15\x04\x15\x10", "Parquet"),
    "ORC": (b"ORC\x0a\x03", "ORC"),
    "Avro": (b"Obj\x01\x04\x14avro.codec", "Avro"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "7-Zip"),
    "zstd": (b"\x28\xb5\x2f\xfd\x24", "Zstandard"),
    "bzip2": (bz2.compress(b"x"), "bzip2"),
    "bzip2, empty": (bz2.compress(b""), "bzip2"),
    "xz": (lzma.compress(b"x"), "xz"),
    "tar": (b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "tar"),
    "PGP, armoured": (b"-----BEGIN PGP MESSAGE-----\n\nhQEM", "PGP"),
    "PGP, to a key": (b"\x85\x01\x0c\x03\x12\x34\x56\x78", "PGP"),
    "PGP, to a passphrase": (b"\x8c\x0d\x04\x09\x03\x02", "PGP"),
    "age": (b"age-encryption.org/v1\n-> X25519", "age"),
    "age, armoured": (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "age"),
    "OpenSSL": (b"Salted__\x01\x02\x03", "OpenSSL"),
    "gzip within gzip": (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "gzip within gzip"),
    "zip within gzip": (gzip.compress(archive("a.csv"), mtime=0), "zip"),
}


@pytest.mark.parametrize(("content", "word"), UNSUPPORTED.values(), ids=UNSUPPORTED)
@pytest.mark.parametrize("size", [1, 10**9], ids=["byte by byte", "whole"])
def test_scrub_unsupported_content_is_refused_saying_what_to_do(
    content: bytes, word: str, size: int, scrubbed: Scrub
) -> None:
    blocks = [content[at : at + size] for at in range(0, len(content), size)]

    with pytest.raises(DropRefused) as refused:
        scrubbed(blocks)

    assert refused.value.reason == "unsupported_content"
    assert word in refused.value.message


def test_scrub_unknown_binary_is_refused(scrubbed: Scrub) -> None:
    with pytest.raises(DropRefused, match="binary data"):
        scrubbed(random.Random(1).randbytes(400_000))


PACKED = gzip.compress(b"".join(b"%064x\n" % n for n in range(9000)), mtime=0)
DAMAGED = {
    "cut within its data": PACKED[:9000],
    "cut within its header": PACKED[:5],
    "cut within its trailer": PACKED[:-3],
    "only the magic": b"\x1f\x8b",
    "a wrong checksum": PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:],
    "a wrong length": PACKED[:-1] + b"\x01",
    "a byte flipped": PACKED[:7000] + bytes([PACKED[7000] ^ 255]) + PACKED[7001:],
    "not deflate": b"\x1f\x8b\x07" + PACKED[3:],
    "something after it": PACKED + b"more",
    "something after padding": PACKED + bytes(512) + b"more",
    "a second member that is cut": PACKED + PACKED[:100],
    "a second member of magic only": PACKED + b"\x1f\x8b",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("size", [1, 1000, 10**9])
def test_scrub_damaged_gzip_is_refused(content: bytes, size: int, scrubbed: Scrub) -> None:
    blocks = (content[at : at + size] for at in range(0, len(content), size))

    with pytest.raises(DropRefused) as refused:
        scrubbed(blocks)

    assert refused.value.reason == "damaged_gzip"


WHOLE = {
    "one member": PACKED,
    "padding": PACKED + bytes(1000),
    "many members": b"".join(
        gzip.compress(b"".join(b"%064x\n" % n for n in range(at, at + 100)), mtime=0)
        for at in range(0, 9000, 100)
    ),
    "empty members between": gzip.compress(b"", mtime=0) * 3
    + PACKED
    + gzip.compress(b"", mtime=0) * 3,
    "padding between members": gzip.compress(b"", mtime=0) + bytes(70_000) + PACKED,
    "stored, not deflated": gzip.compress(gzip.decompress(PACKED), 0, mtime=0),
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("size", [1, 999, 10**9])
def test_scrub_whole_gzip_sends_all_rows(content: bytes, size: int, scrubbed: Scrub) -> None:
    blocks = (content[at : at + size] for at in range(0, len(content), size))

    result = scrubbed(blocks)

    assert result.sent == gzip.decompress(PACKED)


def test_scrub_empty_gzip_has_no_line(scrubbed: Scrub) -> None:
    assert scrubbed(gzip.compress(b"", mtime=0)).read == 0


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_scrub_rows_up_to_the_limit_pass_and_one_more_is_refused(
    pack: Callable[[bytes], bytes], scrubbed: Scrub
) -> None:
    content = pack(b"".join(b"%064x\n" % number for number in range(100)))

    assert scrubbed(content, limit=6500).valid == 100
    with pytest.raises(DropRefused, match=r"6,499 bytes.*split it") as refused:
        scrubbed(content, limit=6499)

    assert refused.value.reason == "too_big"


def bomb(size: int, filling: bytes) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    for _ in range(size // len(filling)):
        if part := packer.compress(filling):
            yield part
    yield packer.flush()


@pytest.mark.parametrize(
    ("filling", "size"),
    [(b"x" * 100_000, 40_000_000), (b"\n" * 100_000, 4_000_000)],
    ids=["one line", "blank lines"],
)
def test_scrub_gzip_bomb_is_refused_in_little_memory(filling: bytes, size: int) -> None:
    packed = b"".join(bomb(size, filling))
    counts = RowCounts()
    tracemalloc.start()

    with pytest.raises(DropRefused) as refused:
        list(scrub([packed], "EMAIL_SHA256", counts, limit=size // 8))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refused.value.reason == "too_big"
    assert counts.valid == 0
    assert peak < 8_000_000


REHEARSED = {
    "gzip": (b"\x1f\x8b\x08\x00", 10, True),
    "plain and small": (b"0123456789", 6499, False),
    "plain, its rows may just fit": (b"0123", 6500, True),
    "plain and large": (b"0123", 6501, True),
    "empty": (b"", 0, False),
    "a zip is refused at once": (b"PK\x03\x04", 100, False),
}


@pytest.mark.parametrize(("head", "size", "needed"), REHEARSED.values(), ids=REHEARSED)
def test_rehearsal_is_needed_only_where_a_drop_can_fail_halfway(
    head: bytes, size: int, needed: bool
) -> None:
    assert rehearsal_needed(head, size, limit=6500) is needed
