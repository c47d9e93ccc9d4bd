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


# What shares something dear stays in one process: a deployed stack, the synthesised templates.
# These are begun first, the longest before the others.
_TOGETHER = {
    "test/e2e/test_demo.py": "the kept demo",
    "test/e2e/test_notifications.py": "the kept demo",
    "test/e2e/test_operations.py": "the kept demo",
    "test/e2e/test_operations_aws.py": "the kept demo",
    "test/e2e/test_least_privilege.py": "a stack with IAM enforced",
    "test/e2e": "the deployed stack",
    "test/infrastructure": "the templates",
}
_FIRST = (
    "the deployed stack",
    "the kept demo",
    "the templates",
    "a stack with IAM enforced",
)


def _group(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return _TOGETHER.get(file) or _TOGETHER.get(file.rpartition("/")[0]) or file


class _ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc] # it comes without types
    """Gives a process all tests of a group above, or those of one other file."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Have pytest-xdist share tests out by what they share."""
    return _ByWhatIsShared(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    order = {name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: order.get(_group(item.nodeid), len(order)))


# `make test` tries the same examples every time, however slow the machine; without this profile,
# in the long tests for one, hypothesis looks for new ones.
settings.register_profile(
    "make test",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
