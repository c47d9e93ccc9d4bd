"""The deployed stack in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.stack import Stack, deployed
from support.world import World, world


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    """Make a stack with a base delay of 30 s, and a TikTok that takes audiences of any size."""
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Make the stack on moto, with the real handler."""
    with deployed(monkeypatch) as made:
        yield made
