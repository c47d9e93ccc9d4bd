"""Some things happen in one place only: reading the environment, telling the time, the context."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv", "os.environb"}
CHANCE_AND_TIME = {
    "time.time", "time.sleep", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "random.random", "random.uniform", "random.randint", "random.choice", "random.shuffle",
}  # fmt: skip


def uses(tree: ast.Module, names: set[str]) -> list[str]:
    """Gives where a dotted name is used, or is imported by `from`."""
    attributes = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute)]
    used = [f"line {n.lineno}: {dotted(n)}" for n in attributes if dotted(n) in names]
    return used + imported(tree, names)


def calls(tree: ast.Module, names: set[str]) -> list[str]:
    """Gives where a dotted name is called; to pass it on as a default is no call."""
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    return [f"line {n.lineno}: {dotted(n.func)}" for n in found if dotted(n.func) in names]


def imported(tree: ast.Module, names: set[str]) -> list[str]:
    return [
        f"line {node.lineno}: {node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{node.module}.{alias.name}" in names
    ]


def dotted(node: ast.expr) -> str:
    """Gives `a.b` of an attribute on a name, and nothing of anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def offenders(
    sources: Any,
    find: Callable[[ast.Module, set[str]], list[str]],
    names: set[str],
    *,
    inside: str,
    but: str,
) -> dict[str, list[str]]:
    found = {
        module: find(tree, names)
        for module, tree in sources.trees.items()
        if module.startswith(inside) and module != but
    }
    return {module: lines for module, lines in found.items() if lines}


def test_environment_is_read_in_the_handler_only(sources: Any) -> None:
    found = offenders(
        sources, uses, ENVIRONMENT, inside="audience_uploader", but="audience_uploader.handler"
    )

    assert found == {}


def test_time_and_chance_are_passed_in_by_the_handler(sources: Any) -> None:
    found = offenders(
        sources, calls, CHANCE_AND_TIME, inside="audience_uploader", but="audience_uploader.handler"
    )

    assert found == {}


def test_context_is_read_in_the_settings_only(sources: Any) -> None:
    readers = [
        module
        for module, tree in sources.trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"try_get_context", "get_context", "get_all_context"}
    ]

    assert set(readers) == {"stacks.settings"}


@pytest.mark.parametrize(
    "text",
    ["import os\nx = os.environ['A']", "import os\nx = os.getenv('A')", "from os import environ"],
)
def test_a_planted_read_of_the_environment_is_found(text: str) -> None:
    assert uses(ast.parse(text), ENVIRONMENT)


def test_the_root_of_the_function_is_no_package() -> None:
    assert not (ROOT / "lambda" / "__init__.py").exists()
