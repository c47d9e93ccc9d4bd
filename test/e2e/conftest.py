"""One emulator, one simulator and one deployed stack that the end-to-end tests share.

Each file passes alone and in any order: a test that changes or destroys what is deployed brings a
deployment of its own into the shared account, by `deployment_name`, or a sandbox of its own; the
documents are practised on a kept demo.
"""

from collections.abc import Iterator

import pytest
from support.practice import Practice

from local.emulator import Sandbox, Stack
from local.emulator.simulator import Control

CONTEXT = {
    "settle_seconds": 0,
    "retry_base_delay_seconds": 0.1,
    "function_timeout_seconds": 10,
    "tiktok_calls_per_second": 100,
}
# Only where it is needed: the layer takes its time to make.
PARQUET = {"parquet_support": "true"}


@pytest.fixture(scope="session")
def context() -> dict[str, object]:
    """Short times, and the least function timeout, which also bounds the lease."""
    return dict(CONTEXT)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give an account that is ready for `cdk deploy`, and a TikTok that processes at once."""
    with Sandbox.opened(tmp_path_factory.mktemp("sandbox")) as opened:
        opened.tiktok.control.set_options(processing_seconds=0)
        opened.cdk.bootstrap()
        yield opened


@pytest.fixture(scope="session")
def with_parquet(context: dict[str, object]) -> dict[str, object]:
    """Give the same with the layer that reads Parquet, as the shared stack is deployed."""
    return context | PARQUET


@pytest.fixture(scope="session")
def stack(sandbox: Sandbox, with_parquet: dict[str, object]) -> Stack:
    """Deploy the real template by the real CLI, and store credentials."""
    deployed = sandbox.deploy(with_parquet)
    deployed.set_credentials()
    return deployed


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Give a kept demo, on which the commands of the documents are run."""
    with Practice.opened(tmp_path_factory.mktemp("practice")) as opened:
        yield opened


@pytest.fixture
def tiktok(sandbox: Sandbox) -> Iterator[Control]:
    """Give the simulator's controls; faults set through it end with the test."""
    yield sandbox.tiktok.control
    sandbox.tiktok.control.call("faults", method="DELETE")
