"""What holds for every test: no connection leaves this machine, no setting of the caller's counts.

Done while pytest reads its configuration, before any test module is imported.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from local.emulator.environment import confine


def pytest_configure(config: pytest.Config) -> None:
    """Confine this process, and so its children, to the loopback interface."""
    home = tempfile.TemporaryDirectory(prefix="uploader-tests-home-")
    config.add_cleanup(home.cleanup)
    confine(Path(home.name))
    if "not long" in config.option.markexpr:
        settings.load_profile("make test")


# What shares something dear stays in one process: the deployed stacks, the synthesised templates.
# These are begun first, since they take longest.
_TOGETHER = ("e2e", "infrastructure")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell pytest-xdist which tests belong together: those of a file, or of a folder above."""

    def folder(item: pytest.Item) -> str:
        return item.path.relative_to(config.rootpath / "test").parts[0]

    for item in items:
        group = folder(item) if folder(item) in _TOGETHER else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
    order = {name: place for place, name in enumerate(_TOGETHER)}
    items.sort(key=lambda item: order.get(folder(item), len(order)))


# `make test` tries the same examples every time, however slow the machine; without this profile,
# in the long tests for one, hypothesis looks for new ones.
settings.register_profile(
    "make test",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
