"""The short form of `make soak`, on the stack that other tests use too."""

import pytest

from local.emulator import Sandbox, Stack
from local.emulator.waiting import wait_for
from local.soak import SHORT, soak
from local.soak.queues import Queues

pytestmark = pytest.mark.e2e


def test_soak_drops_amid_every_fault_arrive_once_and_bad_ones_are_told_once(
    sandbox: Sandbox, stack: Stack
) -> None:
    idle = Queues(stack)
    wait_for(lambda: not any(idle.waiting()), "the queue to be empty", seconds=180)

    soaked = soak(sandbox, stack, SHORT, print)

    assert soaked.problems == [], "\n".join(soaked.table)
