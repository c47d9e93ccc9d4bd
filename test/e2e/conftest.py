"""One emulator, one simulator and one deployed stack for all end-to-end tests.

The test files are numbered, because they run as one story: a function is killed first, since its
lease takes a minute to run out; the last file takes the stack down and lets it come back.
"""

from collections.abc import Iterator

import pytest

from local.emulator import Sandbox, Stack
from local.emulator.inventory import Thing, inventory
from local.emulator.simulator import Control

CONTEXT = {
    "settle_seconds": 0,
    "retry_base_delay_seconds": 0.1,
    "function_timeout_seconds": 10,
    "tiktok_calls_per_second": 100,
    "parquet_support": "true",  # the last file deploys without it
}


@pytest.fixture(scope="session")
def context() -> dict[str, object]:
    """Short times, and the least function timeout, which also bounds the lease."""
    return dict(CONTEXT)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """An account that is ready for `cdk deploy`, and a TikTok that processes at once."""
    with Sandbox.opened(tmp_path_factory.mktemp("sandbox")) as opened:
        opened.tiktok.control.set_options(processing_seconds=0)
        opened.cdk.bootstrap()
        yield opened


@pytest.fixture(scope="session")
def bare(sandbox: Sandbox) -> frozenset[Thing]:
    """What the account held before the first deploy."""
    return inventory(sandbox.clients)


@pytest.fixture(scope="session")
def stack(sandbox: Sandbox, bare: frozenset[Thing], context: dict[str, object]) -> Stack:
    """The real template, deployed by the real CLI, with credentials stored."""
    assert bare
    deployed = sandbox.deploy(context)
    deployed.set_credentials()
    return deployed


@pytest.fixture
def tiktok(sandbox: Sandbox) -> Iterator[Control]:
    """The simulator's controls; faults set through it end with the test."""
    yield sandbox.tiktok.control
    sandbox.tiktok.control.call("faults", method="DELETE")
