"""The function's code on every Python from the oldest supported to Lambda's own, where found.

One that runs the tests runs all of them. Others are looked for on the path and among pyenv's;
Python 3.14, unless it is there, is Pyodide's: CPython compiled for WebAssembly, which has no
threads, so a drop is scrubbed in it but not uploaded.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(sysconfig.get_path("purelib"))  # what the function needs is pure Python
PYODIDE = ROOT / "node_modules" / "pyodide"
NODE = Path(sys.executable).with_name("node")

ROWS_AND_NAMES = ("unit/test_keys.py", "unit/test_answers.py", "unit/rows/test_rows_shapes.py")
DELIVERIES = ("unit/test_submit.py", "integration/test_receipts_of_drops.py")


def candidates(version: str) -> Iterator[str]:
    if found := shutil.which(f"python{version}"):
        yield found
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)  # HOME is an empty folder in the tests
    yield from map(str, sorted(home.glob(f".pyenv/versions/{version}.*/bin/python")))


def arguments(files: Sequence[str]) -> list[str]:
    here = ["-q", "-p", "no:cacheprovider", "-m", "not long", "--confcutdir=test/integration"]
    return [*here, *(f"test/{file}" for file in files)]


def passed(command: Sequence[str], **environment: str) -> int:
    done = subprocess.run(
        command, env=os.environ | environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [count] = re.findall(r"^(\d+) passed", done.stdout, re.MULTILINE)
    return int(count)


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_drops_are_delivered_on_python(version: str) -> None:
    if sys.version.startswith(f"{version}."):
        pytest.skip(f"all tests run on {version} here")
    works = [
        c for c in candidates(version) if not subprocess.run([c, "-V"], check=False).returncode
    ]
    if not works:
        pytest.skip(f"no Python {version} on this machine")

    count = passed(
        [works[0], "-m", "pytest", *arguments(ROWS_AND_NAMES + DELIVERIES)],
        PYTHONPATH=str(PACKAGES),
        PYTHONDONTWRITEBYTECODE="1",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )

    assert count > len(DELIVERIES)


@pytest.mark.skipif(not (PYODIDE.is_dir() and NODE.exists()), reason="run `make setup` for Pyodide")
def test_rows_are_read_on_lambdas_python_as_pyodide_brings_it() -> None:
    script = ROOT / "test/support/in_pyodide.mjs"

    count = passed([str(NODE), str(script), str(ROOT), str(PACKAGES), *arguments(ROWS_AND_NAMES)])

    assert count > len(ROWS_AND_NAMES)
