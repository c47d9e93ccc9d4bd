"""A deployment in moto, and the tool run against it as a person runs it."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from moto import mock_aws
from support.deployment_in_moto import Clock, FakeCloudFormation, Run, World

from audiencectl.cli import main
from audiencectl.session import Session
from local.tiktok_simulator import Simulator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as tiktok:
        yield tiktok


@pytest.fixture
def tiktok(simulator: Simulator) -> Simulator:
    simulator.reset()
    return simulator


@pytest.fixture
def world(aws: None, tiktok: Simulator) -> World:
    return World(tiktok.url)


@pytest.fixture
def run(clock: Clock, request: pytest.FixtureRequest) -> Run:
    """run("status", "--json"): against `world` if the test has one, else without a stack."""

    def run(*arguments: object, stdin: str = "", world: World | None = None) -> Result:
        if world is None and "world" in request.fixturenames:
            world = request.getfixturevalue("world")
        session = Session(clock=clock, sleep=clock.sleep, long_poll_seconds=0)
        if world or "aws" in request.fixturenames:
            known = world.cloudformation if world else FakeCloudFormation()
            session.deployment.clients["cloudformation"] = known
        return CliRunner().invoke(main, [str(a) for a in arguments], obj=session, input=stdin)

    return run
