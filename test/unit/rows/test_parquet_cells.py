"""What a cell of a Parquet file may hold, and how it is counted: as in a CSV."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.parquet import scrub_parquet
from support.parquet_files import DIGESTS, IDS, read, write

A, B, C = IDS[:3]


def cells(path: Path, values: list[Any], kind: Any = None, **how: Any) -> Any:
    return read(write(path / "drop.parquet", {"email_sha256": pa.array(values, kind)}), **how)


FORMS = {
    "base64": base64.b64encode(DIGESTS[0]).decode(),
    "0x": "0x" + A,
    "backslash x": "\\x" + A,
    "a formula": f'="{A}"',
    "blanks around": f"  {A}\t",
    "a line end after": f"{A}\r\n",
    "quotes around": f'"{A}"',
}


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_scrub_id_in_another_form_is_converted(tmp_path: Path, value: str) -> None:
    result = cells(tmp_path, [value, B])

    assert result.sent == [A, B]
    assert result.counts.read == 2


FAULTS = {
    "null": (None, "blank"),
    "empty": ("", "blank"),
    "blanks": ("  \n", "blank"),
    "raw e-mail": ("jane@example.com", "raw_email"),
    "raw phone": ("+4915112345678", "raw_phone"),
    "md5": (hashlib.md5(b"x").hexdigest(), "md5"),
    "sha1": (hashlib.sha1(b"x").hexdigest(), "sha1"),
    "hash of nothing": (hashlib.sha256(b"").hexdigest(), "hash_of_nothing"),
    "two in a cell": (f"{A},{B}", "not_hex"),
    "two lines in a cell": (f"{A}\n{B}", "not_hex"),
    "a line end within": (f"{A[:32]}\n{A[33:]}", "not_hex"),
    "a cell's end within": (f"{A}\x1f{B}", "not_hex"),
    "our quote within": (f"\x1e{A}\n{B}\x1e", "not_hex"),
    "a megabyte": ("a" * 1_000_000, "wrong_length"),
}


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
def test_scrub_cell_that_is_no_id_is_counted_by_its_row(
    tmp_path: Path, case: tuple[str | None, str]
) -> None:
    value, reason = case

    result = cells(tmp_path, [B, value, C, value])

    assert result.sent == [B, C]
    assert result.rejected == {reason: (2, [2, 4])}
    assert (result.counts.read, result.counts.valid) == (4, 2)


BINARY_FAULTS = {
    "null": (None, "blank"),
    "empty": (b"", "blank"),
    "20 bytes": (DIGESTS[0][:20], "not_hex"),
    "MD5 in text": (hashlib.md5(b"x").hexdigest().encode(), "md5"),
    "hash of nothing": (hashlib.sha256(b"").digest(), "hash_of_nothing"),
}


@pytest.mark.parametrize("case", BINARY_FAULTS.values(), ids=BINARY_FAULTS)
def test_scrub_binary_cell_that_is_no_id_is_counted(
    tmp_path: Path, case: tuple[bytes | None, str]
) -> None:
    value, reason = case

    result = cells(tmp_path, [IDS[1].encode(), value, IDS[2].encode()], pa.binary())

    assert result.sent == [B, C]
    assert [*result.rejected] == [reason]


def test_scrub_binary_column_of_md5_text_is_not_taken_for_hashes(tmp_path: Path) -> None:
    texts = [hashlib.md5(b"%d" % number).hexdigest().encode() for number in range(3000)]

    result = cells(tmp_path, texts, pa.binary())

    assert (result.sent, result.rejected["md5"][0]) == ([], 3000)


def test_scrub_row_numbers_go_on_over_row_groups(tmp_path: Path) -> None:
    values: list[str | None] = [*IDS, None]
    path = write(tmp_path / "drop.parquet", {"email_sha256": values}, row_group_size=100)

    assert read(path).rejected == {"blank": (1, [1001])}


def test_scrub_distinct_ids_are_counted(tmp_path: Path) -> None:
    counts = cells(tmp_path, [A, B, A.upper()]).counts

    assert (counts.valid, counts.distinct) == (3, 2)


def test_scrub_blocks_hold_whole_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "drop.parquet", {"email_sha256": IDS * 20})
    sizes = [len(block) for block in scrub_parquet(path, "EMAIL_SHA256", RowCounts())]

    assert len(sizes) > 1
    assert all(size and size % 65 == 0 for size in sizes)
