"""A function that dies with the lease in its hand. What becomes of its drop: see part 4."""

import os
import signal
from pathlib import Path

import pytest

from local.emulator import Sandbox, Stack
from local.emulator.invented import csv, ids
from local.emulator.simulator import ADVERTISER_ID, Control
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e
AUDIENCE = "killed"
RECORD = f"state/{ADVERTISER_ID}/{AUDIENCE}.json"


def _workers(sandbox: Sandbox) -> list[int]:
    """Process ids of the function's workers: Python children of the emulator."""
    parent = str(sandbox.emulator.background.pid)
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if b"_worker.py" in _read(process / "cmdline")
        and _read(process / "stat").decode().rpartition(")")[2].split()[1] == parent
    ]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b") ? ?"


def _holds_lease(stack: Stack) -> bool:
    return RECORD in stack.keys("state/") and bool(stack.read_json(RECORD)["lease"])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
def test_function_killed_during_upload_lease_and_drop_remain(
    sandbox: Sandbox, stack: Stack, tiktok: Control
) -> None:
    tiktok.call("faults", [{"endpoint": "upload", "kind": "slow", "value": 5, "times": 1}])
    key = stack.drop(AUDIENCE, "phone_sha256", csv(ids("killed first", 1000)), name="first.csv")
    wait_for(lambda: _holds_lease(stack), "the function to take the lease", seconds=30)

    for worker in _workers(sandbox):
        os.kill(worker, signal.SIGKILL)
    stack.drop(AUDIENCE, "phone_sha256", csv(ids("killed second", 10)), name="second.csv")

    assert stack.receipt(key) is None
    assert stack.read_json(RECORD)["lease"]
    assert not tiktok.named(AUDIENCE)
