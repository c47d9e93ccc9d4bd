"""`make demo KEEP=1`: what it tells, and what its last lines show in another terminal.

That they are enough for all of docs/operations.md is shown in test_operations.py.
"""

import pytest
from support.practice import Practice

from local.emulator.paths import RUNS

pytestmark = pytest.mark.e2e


def test_demo_tells_of_an_audience_that_grows_and_shrinks_and_is_ready(practice: Practice) -> None:
    told = practice.told.splitlines()

    sizes = [line.split(maxsplit=1)[1] for line in told if "  size  " in line]
    assert sizes == ["1,200 identifiers", "1,500 identifiers", "1,499 identifiers", "1,499 people"]
    assert "      state     ready" in told
    assert "foodies-custom-audience" in (RUNS / "status-page.html").read_text("utf-8")


def test_pasted_lines_show_the_status(practice: Practice) -> None:
    assert practice.shown.returncode == 0, practice.shown.stderr
    (row,) = [line for line in practice.shown.stdout.splitlines() if line.startswith("foodies-")]
    assert row.split()[:3] == ["foodies-custom-audience", "ready", "1,499"]
