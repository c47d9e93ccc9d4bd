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


# `make test` tries the same examples every time, however slow the machine; without this profile,
# in the long tests for one, hypothesis looks for new ones.
settings.register_profile(
    "make test",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
