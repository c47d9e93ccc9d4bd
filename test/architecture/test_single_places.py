"""What import-linter cannot say: some things happen in one place only.

Which module may import which is in pyproject.toml, and is checked by `make lint`.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTION = ROOT / "lambda" / "audience_uploader"
STACKS = ROOT / "stacks"
HANDLER = FUNCTION / "handler.py"

ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv", "os.environb"}
CHANCE_AND_TIME = {
    "time.time", "time.sleep", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "random.random", "random.uniform", "random.randint", "random.choice", "random.shuffle",
}  # fmt: skip
CONTEXT = {"try_get_context", "get_context", "get_all_context"}


def parsed(*places: Path) -> Iterator[tuple[str, ast.Module]]:
    """Give the name and the syntax tree of each module in some folders or files."""
    for place in places:
        for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Give what a module imports, `from a import b` as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.expr) -> str:
    """Give `a.b` of an attribute on a name, and nothing of anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def used(tree: ast.Module) -> set[str]:
    """Give the dotted names that a module uses or imports by `from`."""
    return {dotted(n) for n in ast.walk(tree) if isinstance(n, ast.expr)} | set(imported(tree))


def called(tree: ast.Module) -> set[str]:
    """Give the dotted names that a module calls; to pass one on as a default is no call."""
    return {dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_environment_is_read_in_the_handler_only() -> None:
    readers = {name for name, tree in parsed(FUNCTION) if used(tree) & ENVIRONMENT}

    assert readers == {HANDLER.relative_to(ROOT).as_posix()}


def test_time_and_chance_are_called_nowhere_and_passed_in_by_the_handler() -> None:
    callers = {name: called(tree) & CHANCE_AND_TIME for name, tree in parsed(FUNCTION)}

    assert {name: found for name, found in callers.items() if found} == {}


@pytest.mark.parametrize("room", ["domain", "rows"])
def test_vocabulary_and_rows_import_the_standard_library_alone(room: str) -> None:
    foreign = {
        (file, name)
        for file, tree in parsed(FUNCTION / room)
        for name in imported(tree)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "audience_uploader"}
    }

    assert {file for file, _ in foreign} <= {"lambda/audience_uploader/rows/parquet_engine.py"}
    assert {name.partition(".")[0] for _, name in foreign} <= {"duckdb"}


def test_context_is_read_in_the_settings_only() -> None:
    readers = {
        name
        for name, tree in parsed(STACKS, ROOT / "app.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in CONTEXT
    }

    assert "stacks/settings.py" in readers
    assert readers <= {"stacks/settings.py", "stacks/context_validators.py"}


def test_stack_composes_and_makes_no_resource_itself() -> None:
    ((_, tree),) = parsed(STACKS / "uploader_stack.py")

    assert [name for name in imported(tree) if name.startswith("aws_cdk.aws_")] == []


@pytest.mark.parametrize(
    "text",
    ["import os\nx = os.environ['A']", "import os\nx = os.getenv('A')", "from os import environ"],
)
def test_planted_read_of_the_environment_is_found(text: str) -> None:
    assert used(ast.parse(text)) & ENVIRONMENT


@pytest.mark.parametrize("text", ["import time\ntime.sleep(1)", "datetime.now(UTC)"])
def test_planted_call_of_time_is_found(text: str) -> None:
    assert called(ast.parse(text)) & CHANCE_AND_TIME


def test_root_of_the_function_is_no_package() -> None:
    assert not (ROOT / "lambda" / "__init__.py").exists()
