"""Compiled files for the runtime's Python, which spare every cold start a third of its time."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
_PYODIDE: Final = _HERE.parent / "node_modules" / "pyodide"
# Where Lambda unpacks the code; tracebacks name it.
_UNPACKED_AT: Final = "/var/task"


class CompileError(RuntimeError):
    """A module could not be compiled; the text is the compiler's."""


Compiler = Callable[[Path], list[str]]
"""Gives the command that compiles every module below a folder.

Unchecked, since unpacking gives the sources another time.
"""


@cache
def compiler(version: str) -> Compiler | None:
    """Return what compiles for this version, such as `3.14`, or None where nothing can.

    A Python of that version on this machine, or else the one that Pyodide brings, which `npm ci`
    installs and Node.js runs. Compiled files are the same on every machine.
    """
    named = shutil.which(f"python{version}")
    for python in filter(None, (sys.executable, named)):
        if _version_of(python) == version:
            return partial(by_python, python)
    node = shutil.which("node")
    return partial(by_pyodide, node, version) if node and _PYODIDE.is_dir() else None


def by_python(python: str, folder: Path) -> list[str]:
    """Return the command of a Python of the version."""
    command = [python, "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash"]
    return [*command, "-s", str(folder), "-p", _UNPACKED_AT, str(folder)]


def by_pyodide(node: str, version: str, folder: Path) -> list[str]:
    """Return the command of Pyodide in Node.js, which fails where it brings another version."""
    return [node, str(_HERE / "compile.mjs"), str(folder), _UNPACKED_AT, version]


def compile_all(folder: Path, compiler: Compiler) -> None:
    """Compile every module below the folder; raises CompileError."""
    done = subprocess.run(compiler(folder), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-500:]
        raise CompileError(f"a module of the function or a dependency did not compile: {said}")


def _version_of(python: str) -> str:
    """Return what it says; a name on the path may stand for a version that isn't there."""
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()
