"""What holds for every test: no connection leaves this machine, no setting of the caller's counts.

Done while pytest reads its configuration, before any test module is imported.
"""

import tempfile
from pathlib import Path

import pytest

from local.emulator.environment import confine


def pytest_configure(config: pytest.Config) -> None:
    """Confine this process, and so its children, to the loopback interface."""
    home = tempfile.TemporaryDirectory(prefix="uploader-tests-home-")
    config.add_cleanup(home.cleanup)
    confine(Path(home.name))
