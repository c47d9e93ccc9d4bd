"""Compiled files for the runtime's Python, which spare every cold start a third of its time."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
_PYODIDE: Final = _HERE.parent / "node_modules" / "pyodide"
# Where Lambda unpacks the code; tracebacks name it.
_UNPACKED_AT: Final = "/var/task"


class CompileError(RuntimeError):
    """A module could not be compiled; the text is the compiler's."""


@cache
def compiler(version: str) -> tuple[str, ...] | None:
    """Return the command that compiles for this version, such as `3.14`, or None without any.

    A Python of that version on this machine, or else the one that Pyodide brings, which `npm ci`
    installs and Node.js runs. Compiled files are the same on every machine.
    """
    named = shutil.which(f"python{version}")
    for python in filter(None, (sys.executable, named)):
        if _version_of(python) == version:
            return (python,)
    node = shutil.which("node")
    return (node, str(_HERE / "compile.mjs")) if node and _PYODIDE.is_dir() else None


def compile_all(folder: Path, command: tuple[str, ...], version: str) -> None:
    """Compile every module; unchecked, since unpacking gives the sources another time.

    Raises CompileError.
    """
    if len(command) == 1:
        command += ("-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash")
        command += ("-s", str(folder), "-p", _UNPACKED_AT, str(folder))
    else:
        command += (str(folder), _UNPACKED_AT, version)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-500:]
        raise CompileError(f"a module of the function or a dependency did not compile: {said}")


def _version_of(python: str) -> str:
    """Return what it says; a name on the path may stand for a version that isn't there."""
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()
