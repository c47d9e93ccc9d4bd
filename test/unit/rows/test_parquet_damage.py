"""What cannot be read is refused before the first row, each with its own reason."""

import base64
import random
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.file_signatures import is_parquet
from audience_uploader.rows.parquet import ParquetRows, scrub_parquet
from audience_uploader.rows.pipeline import LIMIT_BYTES
from support.parquet_files import IDS, read, write

TABLE = {"email_sha256": IDS}


def refusal(path: Path, limit: int = LIMIT_BYTES) -> DropRefused:
    with pytest.raises(DropRefused) as refused:
        next(scrub_parquet(path, "EMAIL_SHA256", RowCounts(), limit=limit), None)
    return refused.value


def test_scrub_file_without_a_row_gives_nothing(tmp_path: Path) -> None:
    for columns in ({"email_sha256": pa.array([], pa.string())}, {"a": pa.array([], pa.int32())}):
        result = read(write(tmp_path / "drop.parquet", columns))

        assert (result.sent, result.counts.read, result.counts.holds_no_row) == ([], 0, True)


@pytest.mark.parametrize("kept", [4, 8, 11, 100, 30_000, -1, -4, -8])
def test_scrub_truncated_file_is_damaged(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path / "drop.parquet", TABLE)
    path.write_bytes(path.read_bytes()[:kept])

    refused = refusal(path)

    assert refused.reason == "damaged_parquet"
    assert "cut short" in refused.message


def test_scrub_damaged_footer_is_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", TABLE)
    content = bytearray(path.read_bytes())
    content[-60:-8] = b"\xff" * 52
    path.write_bytes(content)

    assert refusal(path).reason == "damaged_parquet"


def test_scrub_footer_longer_than_the_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "drop.parquet"
    path.write_bytes(b"PAR1" + b"\xff\xff\xff\x7f" + b"PAR1")

    assert refusal(path).reason == "damaged_parquet"


def test_scrub_footer_too_large_for_memory_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", TABLE)
    footer = 9_000_000
    path.write_bytes(
        path.read_bytes()[:-8] + bytes(footer) + footer.to_bytes(4, "little") + b"PAR1"
    )

    refused = refusal(path)

    assert refused.reason == "too_big"
    assert "larger row groups" in refused.message


def test_scrub_page_damaged_near_the_end_is_refused_before_the_first_row(tmp_path: Path) -> None:
    how = {"compression": "zstd", "row_group_size": 1000}
    path = write(tmp_path / "drop.parquet", {"email_sha256": IDS * 50}, **how)
    content = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(48).column(0).data_page_offset
    content[start + 20 : start + 2000] = b"\x00" * 1980
    path.write_bytes(content)

    assert refusal(path).reason == "damaged_parquet"


def test_scrub_any_damage_is_refused_or_leaves_whole_hashes(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", {"email_sha256": IDS[:50], "n": list(range(50))})
    whole, chance = path.read_bytes(), random.Random(15)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(4, len(content) - 8)] = chance.randrange(256)
        path.write_bytes(content)
        sent, refused = _sent_or_refusal(path)
        assert all(len(one) == 64 for one in sent)
        assert not any(one in str(refused) for one in IDS[:50])


def _sent_or_refusal(path: Path) -> tuple[list[str], DropRefused | None]:
    try:
        return read(path).sent, None
    except DropRefused as refused:
        return [], refused


class _Kms(pe.KmsClient):  # type: ignore[misc]  # pyarrow has no types
    def __init__(self, _: Any) -> None:
        super().__init__()

    def wrap_key(self, key: bytes, master: str) -> bytes:
        return base64.b64encode(key)

    def unwrap_key(self, wrapped: bytes, master: str) -> bytes:
        return base64.b64decode(wrapped)


@pytest.mark.parametrize("plain", [True, False], ids=["plain footer", "encrypted footer"])
def test_scrub_encrypted_file_is_told_as_such(tmp_path: Path, plain: bool) -> None:
    path = tmp_path / "drop.parquet"
    table = pa.table(TABLE)
    how = pe.EncryptionConfiguration(
        footer_key="f", column_keys={"c": ["email_sha256"]}, plaintext_footer=plain
    )
    factory = pe.CryptoFactory(_Kms)
    keys = factory.file_encryption_properties(pe.KmsConnectionConfig(), how)
    with pq.ParquetWriter(path, table.schema, encryption_properties=keys) as writer:
        writer.write_table(table)

    refused = refusal(path)

    assert refused.reason == "unsupported_content"
    assert "encrypted" in refused.message


def test_scrub_text_that_is_no_utf_8_is_told_as_such(tmp_path: Path) -> None:
    raw = pa.array([bytes.fromhex(one) for one in IDS], pa.binary())
    text = pa.Array.from_buffers(pa.string(), len(raw), raw.buffers())
    refused = refusal(write(tmp_path / "drop.parquet", pa.table({"email_sha256": text})))

    assert refused.reason == "unsupported_content"
    assert "binary" in refused.message


def test_scrub_more_rows_than_the_limit_are_refused_before_the_first(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", TABLE)

    assert refusal(path, limit=65 * 999).reason == "too_big"
    assert len(read(path, limit=65 * 1000).sent) == 1000


def test_scrub_nulls_do_not_count_against_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", {"email_sha256": [*IDS[:10], *[None] * 100]})

    assert len(read(path, limit=65 * 10).sent) == 10


def test_measure_gives_an_upper_bound(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", {"email_sha256": [*IDS[:10], None]})

    assert ParquetRows(path, "EMAIL_SHA256").at_most == 11 * 65


def test_scrub_path_with_quotes_and_wildcards_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / 'it\'s [a] "drop" *?;.parquet', TABLE)

    assert read(path).sent == IDS


@pytest.mark.parametrize("tentative", [False, True])
def test_scrub_that_is_left_half_way_closes_what_it_opened(tmp_path: Path, tentative: bool) -> None:
    path = write(tmp_path / "drop.parquet", {"email_sha256": IDS * 50})
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        rows = scrub_parquet(path, "EMAIL_SHA256", RowCounts(), tentative=tentative)
        assert next(rows)
        rows.close()  # type: ignore[attr-defined]

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_file_that_is_looked_into_and_not_read_is_closed(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", TABLE)
    before = len(list(Path("/proc/self/fd").iterdir()))

    ParquetRows(path, "EMAIL_SHA256").scrub(RowCounts(), limit=65, tentative=True)

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_scrub_without_duckdb_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "drop.parquet", TABLE)
    monkeypatch.setitem(sys.modules, "duckdb", None)

    refused = refusal(path)

    assert refused.reason == "unsupported_content"
    assert "parquet_support: true" in refused.message


@pytest.mark.parametrize(
    ("head", "told"), [(b"PAR1", True), (b"PARE", True), (b"PAR2", False), (b"", False)]
)
def test_is_parquet_tells_by_the_first_bytes(head: bytes, told: bool) -> None:
    assert is_parquet(head) is told
