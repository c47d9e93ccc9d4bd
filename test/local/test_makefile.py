"""`make` on a machine that lacks something: a sentence, not a traceback."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local.emulator.paths import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a folder with the Makefile and a PATH folder without Python."""
    for file in (ROOT / "Makefile", *ROOT.glob("requirements*.txt")):
        shutil.copy(file, tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "touch", "make", "awk"):
        (tools / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def _make(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(checkout / "tools"), "LANG": os.environ.get("LANG", "C")}
    return subprocess.run(
        [str(checkout / "tools" / "make"), *words],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _python(checkout: Path, name: str, script: str) -> None:
    stand_in = checkout / "tools" / name
    stand_in.write_text(f"#!/usr/bin/env bash\n{script}\n")
    stand_in.chmod(0o755)


def test_make_demo_without_python_says_what_is_needed(checkout: Path) -> None:
    done = _make(checkout, "demo")

    assert done.returncode == 2
    assert "Python 3.11 or newer is needed and none was found" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_make_demo_with_too_old_a_python_says_what_is_needed(checkout: Path) -> None:
    _python(checkout, "python3", "exit 1")

    assert "Python 3.11 or newer is needed" in _make(checkout, "demo").stdout


def test_make_venv_newest_python_broken_next_one_taken(checkout: Path) -> None:
    _python(checkout, "python3.14", "exit 127")
    _python(checkout, "python3", 'if [ "$1" = -m ]; then mkdir -p .venv; else echo Python 3.12; fi')
    (checkout / "tools" / "mkdir").symlink_to(shutil.which("mkdir") or "mkdir")

    done = _make(checkout, ".venv/.made")

    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv" / ".made").exists()


def test_make_venv_without_venv_module_says_what_to_install(checkout: Path) -> None:
    _python(checkout, "python3", '[ "$1" != -m ]')

    done = _make(checkout, ".venv/.made")

    assert done.returncode == 2
    assert "python3-venv" in done.stdout


def test_make_stop_in_a_fresh_clone_says_that_no_demo_is_running(checkout: Path) -> None:
    done = _make(checkout, "stop")

    assert (done.returncode, done.stdout, done.stderr) == (0, "No demo is running.\n", "")


def test_make_stop_without_the_environment_says_what_to_do(checkout: Path) -> None:
    (checkout / ".local").mkdir()
    (checkout / ".local" / "demo.json").write_text("{}")

    done = _make(checkout, "stop")

    assert done.returncode == 2
    assert done.stdout == "A demo was left running and .venv is gone: make setup, then make stop\n"


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ((), "--port 0 --tiktok-port 0"),
        (("KEEP=1",), "--keep --port 0 --tiktok-port 0"),
        (("keep=1",), "--keep --port 0 --tiktok-port 0"),
        (("KEEP=0",), "--port 0 --tiktok-port 0"),
        (("PORT=80000", "TIKTOK_PORT=abc"), "--port 80000 --tiktok-port abc"),
    ],
)
def test_make_demo_hands_over_what_was_asked_for(
    checkout: Path, given: tuple[str, ...], options: str
) -> None:
    _installed(checkout)

    assert _make(checkout, "demo", *given).stdout == f"-m local.demo {options}\n"


def _installed(checkout: Path) -> None:
    """Make everything look installed, with an interpreter that only says what it was given."""
    sources = ("package.json", "package-lock.json", "lambda/requirements.txt")
    made = (".venv/.demo", ".venv/bin/audiencectl", ".venv/.node", ".local/wheels/.fetched")
    for name in (*sources, ".venv/.made", *made):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    python = checkout / ".venv" / "bin" / "python"
    python.write_text('#!/usr/bin/env bash\necho "$@"\n')
    python.chmod(0o755)


def test_make_without_target_lists_the_targets(checkout: Path) -> None:
    done = _make(checkout, "help")

    assert {line.split()[1] for line in done.stdout.splitlines()} >= {"demo", "test", "lint"}
