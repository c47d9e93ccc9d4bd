"""Compiled files: by a Python of the runtime's version, or by the one that Pyodide brings."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from stacks import compiling

NODE = Path(sys.executable).with_name("node")
PYODIDE = Path(__file__).resolve().parents[2] / "node_modules" / "pyodide"
UNCHECKED_HASH = (1).to_bytes(4, "little")

needs_pyodide = pytest.mark.skipif(
    not (PYODIDE.is_dir() and NODE.exists()), reason="run `make setup` for Pyodide"
)


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    compiling.compiler.cache_clear()
    yield
    compiling.compiler.cache_clear()


@pytest.fixture
def only_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is all of PATH, on a machine whose own Python is of no use."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    return folder


def command(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def test_a_python_of_the_version_compiles(only_path: Path) -> None:
    named = command(only_path, "python3.14", "echo 3.14")

    found = compiling.compiler("3.14")

    assert found
    assert found(Path("below"))[0] == str(named)


def test_a_name_for_a_python_that_is_not_there_is_none(
    only_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command(only_path, "python3.14", "echo 3.13; exit 1")
    monkeypatch.setattr(compiling, "_PYODIDE", tmp_path / "not installed")

    assert compiling.compiler("3.14") is None


def test_without_one_it_is_pyodides_where_that_and_node_are_installed(
    only_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compiling, "_PYODIDE", tmp_path)
    assert compiling.compiler("3.14") is None
    compiling.compiler.cache_clear()
    node = command(only_path, "node", "exit 0")

    found = compiling.compiler("3.14")

    assert found
    program, script, *_ = found(tmp_path)
    assert program == str(node)
    assert Path(script).is_file()


@needs_pyodide
def test_pyodide_compiles_for_lambdas_python_and_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "leaf.py").write_text("answer = 42\n")
    (tmp_path / "deep/er/leaf.py").write_text("answer = 43\n")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setenv("PATH", str(NODE.parent))
    found = compiling.compiler("3.14")
    assert found

    compiling.compile_all(tmp_path, found)

    for name in ("__pycache__/leaf", "deep/er/__pycache__/leaf"):
        compiled = (tmp_path / f"{name}.cpython-314.pyc").read_bytes()
        assert compiled[4:8] == UNCHECKED_HASH
        assert b"/var/task/" in compiled


@needs_pyodide
def test_pyodide_of_another_version_or_a_module_that_does_not_compile_is_an_error(
    tmp_path: Path,
) -> None:
    with pytest.raises(compiling.CompileError, match=r"Pyodide brings Python 3\.14"):
        compiling.compile_all(tmp_path, partial(compiling.by_pyodide, str(NODE), "3.15"))

    (tmp_path / "leaf.py").write_text("def (")
    with pytest.raises(compiling.CompileError, match=r"leaf\.py"):
        compiling.compile_all(tmp_path, partial(compiling.by_pyodide, str(NODE), "3.14"))
