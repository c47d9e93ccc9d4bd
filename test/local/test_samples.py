"""The sample files."""

import importlib.util
from pathlib import Path

import pytest

from local.emulator.paths import MORE, OPT_OUT, SAMPLE

SPEC = importlib.util.spec_from_file_location("make_samples", SAMPLE.parent / "make_samples.py")


@pytest.mark.parametrize(
    ("file", "rows", "first"),
    [
        (SAMPLE, 1200, "7c8d08bf90ca322bcac37f99ba14e980e4b1f5ba919f7e16a030af9070ba125e"),
        (MORE, 300, "ee462a3f52bd2ffd557da4e778299a8071716bcdc7e14fe8cdbdfb41736cba3c"),
    ],
    ids=["audience", "more"],
)
def test_sample_every_line_a_distinct_lower_case_hash(file: Path, rows: int, first: str) -> None:
    lines = file.read_text("ascii").splitlines()

    assert len(lines) == len(set(lines)) == rows
    assert all(len(line) == 64 and set(line) <= set("0123456789abcdef") for line in lines)
    assert lines[0] == first


def test_samples_share_no_line() -> None:
    assert not set(SAMPLE.read_text().splitlines()) & set(MORE.read_text().splitlines())


def test_opt_out_is_one_of_the_audience() -> None:
    (one,) = OPT_OUT.read_text().splitlines()

    assert one in SAMPLE.read_text().splitlines()


def test_make_samples_gives_the_committed_bytes() -> None:
    assert SPEC is not None and SPEC.loader is not None  # noqa: PT018
    maker = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(maker)

    assert maker.lines("212", 1200) == SAMPLE.read_text("ascii")
    assert maker.lines("646", 300) == MORE.read_text("ascii")
    assert maker.lines("212", 1) == OPT_OUT.read_text("ascii")
