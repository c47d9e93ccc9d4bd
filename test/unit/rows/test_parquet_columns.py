"""Which column of a Parquet file is meant: by name, by type and by what the first rows hold."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from audience_uploader.domain.outcomes import DropRefused
from support.parquet_files import DIGESTS, IDS, read, write

OWN, OTHER = IDS[:4], IDS[4:8]
NUMBERS, WORDS = [1, 2, 3, 4], ["Chile", "Peru", "Cuba", "Laos"]

CHOSEN: dict[str, dict[str, Any]] = {
    "the only column": {"x": OWN},
    "the only one with hashes": {"n": NUMBERS, "country": WORDS, "key": OWN},
    "the marked name before the plain one": {"email": OTHER, "email_sha256": OWN},
    "the named one of two": {"phone_sha256": OTHER, "hashed_email": OWN},
    "the named one of binary": {"id_hash": OTHER, "email_sha256": DIGESTS[:4]},
    "not the plain name, if it holds none": {"email": ["a@b.c"] * 4, "hash": OWN},
    "a name with quotes and SQL": {"e\"; DROP TABLE t; --\n'": OWN, "n": NUMBERS},
    "beside nested columns": {"tags": [["a"], [], None, ["b"]], "email_sha256": OWN},
    "far to the right": {**{f"c{n}": WORDS for n in range(40)}, "email_sha256": OWN},
}


@pytest.mark.parametrize("columns", CHOSEN.values(), ids=CHOSEN)
def test_scrub_takes_the_column_that_is_meant(tmp_path: Path, columns: dict[str, Any]) -> None:
    assert read(write(tmp_path / "drop.parquet", columns)).sent == OWN


def test_scrub_columns_that_all_mean_the_format_are_all_taken(tmp_path: Path) -> None:
    columns = {"idfa_sha256": OWN, "n": NUMBERS, "gaid_sha256": [*OTHER[:3], None]}

    result = read(write(tmp_path / "drop.parquet", columns), "FIRST_SHA256")

    assert sorted(result.sent) == sorted([*OWN, *OTHER[:3]])
    assert (result.counts.read, result.counts.valid) == (4, 7)


def test_scrub_column_named_after_another_format_is_told_of(tmp_path: Path) -> None:
    result = read(write(tmp_path / "drop.parquet", {"phone_sha256": OWN}))

    assert (result.sent, result.counts.other_type) == (OWN, True)


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "two with hashes": (
        {"a": OWN, "b": OTHER},
        "ambiguous_columns",
        r"1 \(a\) and 2 \(b\).*email_",
    ),
    "a list": (
        {"email_sha256": [[one] for one in OWN]},
        "unsupported_content",
        "email_sha256.*list",
    ),
    "a struct": (
        {"n": NUMBERS, "email_sha256": [{"a": one} for one in OWN]},
        "unsupported_content",
        "email_sha256.*nested",
    ),
    "a list beside another's hashes": (
        {"email": [[one] for one in OWN], "key": OTHER},
        "unsupported_content",
        "email.*nested",
    ),
    "a number under the name": ({"email_sha256": NUMBERS}, "unsupported_content", "BIGINT"),
    "only numbers": ({"n": NUMBERS, "m": NUMBERS}, "no_valid_rows", "columns are: n, m"),
    "several texts, none with hashes": ({"a": WORDS, "b": WORDS}, "no_valid_rows", "a, b"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_scrub_file_without_a_sure_column_is_refused(
    tmp_path: Path, case: tuple[dict[str, Any], str, str]
) -> None:
    columns, reason, words = case
    with pytest.raises(DropRefused, match=words) as refused:
        read(write(tmp_path / "drop.parquet", columns))

    assert refused.value.reason == reason
    assert not any(one in str(refused.value) for one in IDS)


def test_scrub_map_under_the_name_is_refused(tmp_path: Path) -> None:
    column = pa.array([[("a", one)] for one in OWN], pa.map_(pa.string(), pa.string()))

    with pytest.raises(DropRefused, match=r"email_sha256.*map"):
        read(write(tmp_path / "drop.parquet", {"email_sha256": column}))


def test_scrub_a_name_that_is_an_identifier_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(DropRefused) as refused:
        read(write(tmp_path / "drop.parquet", {"jane@example.com": OWN, IDS[9]: OTHER}))

    assert "jane" not in str(refused.value)
    assert IDS[9] not in str(refused.value)


def test_scrub_lone_column_without_hashes_is_read_and_counted(tmp_path: Path) -> None:
    result = read(write(tmp_path / "drop.parquet", {"country": WORDS}))

    assert (result.sent, result.rejected["not_hex"][0]) == ([], 4)
