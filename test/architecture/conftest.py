"""The sources as the architecture tests see them: module names, syntax trees, imports."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Where each top-level package lies, relative to the repository.
HOMES = {"audience_uploader": "lambda", "stacks": "", "local": ""}


@dataclass(frozen=True)
class Sources:
    """Every module of a tree by its dotted name."""

    trees: dict[str, ast.Module] = field(default_factory=dict)

    def imports(self, module: str) -> set[str]:
        """What one module imports, by the longest name that is known."""
        return {self._known(name) for name in _imported(self.trees[module])}

    def reach(self, module: str) -> set[str]:
        """All that comes along when a module is imported: ours by every step, others by name."""
        seen: set[str] = set()
        ahead = [module]
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                ahead += self.imports(here) if here in self.trees else []
        return seen - {module}

    def _known(self, name: str) -> str:
        """`from a import b` may name a module or something in it."""
        parent = name.rpartition(".")[0]
        return parent if parent in self.trees and name not in self.trees else name


def read_sources(root: Path) -> Sources:
    """Reads every module below the homes that are there."""
    return Sources(dict(_modules(root)))


def _modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for package, home in HOMES.items():
        base = root / home
        for file in sorted((base / package).rglob("*.py")):
            parts = file.relative_to(base).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole module, none is relative"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="session")
def sources() -> Sources:
    """The sources of this checkout."""
    return read_sources(ROOT)


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[str, str], Sources]:
    """Puts one module into a tree of its own, to see a rule broken."""

    def put(path: str, text: str) -> Sources:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return read_sources(tmp_path)

    return put
