"""`make demo KEEP=1`: what it tells, and that the lines it ends with work in another terminal."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.paths import ROOT, RUNS

pytestmark = pytest.mark.e2e
DEMO = [sys.executable, "-m", "local.demo"]
LIMIT_SECONDS = 3600  # it takes a minute or two; a busy machine many times that


@pytest.fixture(scope="module")
def told() -> Iterator[str]:
    """Keep a demo while the tests of this file run, and give what it has told."""
    done = subprocess.run(
        [*DEMO, "--keep"], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS
    )
    try:
        assert done.returncode == 0, done.stdout + done.stderr
        yield done.stdout
    finally:
        subprocess.run([*DEMO, "--stop"], cwd=ROOT, check=True, timeout=LIMIT_SECONDS)


def _pasted(told: str, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell into which the last lines of the demo were pasted."""
    lines = told.partition("Paste this:\n")[2]
    return subprocess.run(
        ["bash", "-c", f"set -e\n{lines}\n{command}"],
        cwd="/",
        env={"PATH": os.defpath, "HOME": os.environ["HOME"]},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )


def test_demo_tells_of_an_audience_that_grows_and_shrinks_and_is_ready(told: str) -> None:
    sizes = [line.split(maxsplit=1)[1] for line in told.splitlines() if "  size  " in line]

    assert sizes == ["1,200 identifiers", "1,500 identifiers", "1,499 identifiers", "1,499 people"]
    assert "      state     ready\n" in told
    assert "foodies-custom-audience" in (RUNS / "status-page.html").read_text("utf-8")


def test_pasted_lines_show_the_status(told: str) -> None:
    shown = _pasted(told, "true")

    assert shown.returncode == 0, shown.stderr
    (row,) = [line for line in shown.stdout.splitlines() if line.startswith("foodies-")]
    assert row.split()[:3] == ["foodies-custom-audience", "ready", "1,499"]


def test_pasted_lines_have_a_cdk_that_takes_the_stack_down(told: str) -> None:
    done = _pasted(told, "cdk destroy --force && python -m audiencectl status")

    assert "There is no stack TikTokAudienceUploader" in done.stderr, done.stdout + done.stderr
    assert Path(RUNS / "demo.json").exists()
