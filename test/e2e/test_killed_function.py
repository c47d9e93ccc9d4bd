"""A function that dies with the lease in its hand: the next message finishes its drop, once."""

import os
import signal

import pytest
from support.invented import csv, ids
from support.workers import can_be_found, workers

from local.emulator import Sandbox, Stack
from local.emulator.simulator import ADVERTISER_ID, Control
from local.emulator.waiting import wait_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not can_be_found(), reason="finds the workers in /proc"),
]
AUDIENCE = "killed"
RECORD = f"state/{ADVERTISER_ID}/{AUDIENCE}.json"
LEASE_SECONDS = 10 + 60


def _holds_lease(stack: Stack) -> bool:
    return RECORD in stack.keys("state/") and bool(stack.read_json(RECORD)["lease"])


def test_function_killed_during_upload_its_drops_delivered_once_when_the_lease_is_over(
    sandbox: Sandbox, stack: Stack, tiktok: Control
) -> None:
    tiktok.call("faults", [{"endpoint": "upload", "kind": "slow", "value": 5, "times": 1}])
    first = stack.drop(AUDIENCE, "phone_sha256", csv(ids("killed first", 1000)), name="first.csv")
    wait_for(lambda: _holds_lease(stack), "the function to take the lease", seconds=120)

    for worker in workers(sandbox):
        os.kill(worker, signal.SIGKILL)
    second = stack.drop(AUDIENCE, "phone_sha256", csv(ids("killed second", 10)), name="second.csv")

    assert stack.receipt(first) is None
    assert stack.read_json(RECORD)["lease"]
    assert not tiktok.named(AUDIENCE)
    receipts = [stack.awaited_receipt(key, seconds=LEASE_SECONDS + 120) for key in (first, second)]
    (audience,) = tiktok.named(AUDIENCE, ids=True)
    assert audience["ids"] == sorted(ids("killed first", 1000) + ids("killed second", 10))
    assert {receipt["audience_id"] for receipt in receipts} == {audience["id"]}
