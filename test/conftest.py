"""What holds for every test: no connection leaves this machine, no setting of the caller's counts.

Done while pytest reads its configuration, before any test module is imported.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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


def _folder(nodeid: str) -> str:
    return nodeid.split("/")[1]


class _ByFolder(LoadScopeScheduling):  # type: ignore[misc] # it comes without types
    """Gives a process all tests of a folder above, or those of one other file."""

    def _split_scope(self, nodeid: str) -> str:
        folder, file = _folder(nodeid), nodeid.partition("::")[0]
        return folder if folder in _TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Have pytest-xdist share tests out by what they share."""
    return _ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    order = {name: place for place, name in enumerate(_TOGETHER)}
    items.sort(key=lambda item: order.get(_folder(item.nodeid), len(order)))


# `make test` tries the same examples every time, however slow the machine; without this profile,
# in the long tests for one, hypothesis looks for new ones.
settings.register_profile(
    "make test",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
