"""The short form of `make soak`, on the stack that other tests use too."""

import pytest
from support.soak.queues import Queues
from support.soak.run import soak
from support.soak.scale import SHORT

from local.emulator import Sandbox, Stack
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e


def test_soak_drops_amid_every_fault_arrive_once_and_bad_ones_are_told_once(
    sandbox: Sandbox, stack: Stack
) -> None:
    idle = Queues(stack)
    wait_for(lambda: not any(idle.waiting()), "the queue to be empty", seconds=180)

    soaked = soak(sandbox, stack, SHORT, print)

    assert soaked.problems == [], "\n".join(soaked.table)
