"""The stack is upgraded in place while files come in, are on their way, and wait."""

import itertools
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support.invented import csv, ids

from local.emulator import Sandbox, Stack
from local.emulator.paths import ROOT
from local.emulator.simulator import Control
from local.emulator.waiting import wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.long]
Context = dict[str, object]
DropStore = dict[str, list[str]]
Faults = list[dict[str, object]]

AUDIENCES = 4
ROWS = 1000  # the least for an audience that takes edits
SECONDS_BETWEEN_DROPS = 0.4
FAILS = {"endpoint": "upload", "kind": "http", "value": 500}
SLOW = {"endpoint": "upload", "kind": "slow", "value": 0.7}
# The emulator ends functions at once when their code changes, which AWS does not. So the second
# case also shows what becomes of killed ones: a lease of 70 seconds has to run out first.
CASES = [
    pytest.param("waiting", [FAILS], id="all wait"),
    pytest.param(
        "under way",
        [SLOW, FAILS | {"probability": 0.8, "seed": 1}],
        id="some under way",
        marks=pytest.mark.long,
    ),
]


@pytest.fixture
def context(context: Context, name: str) -> Context:
    """Return the context of a deployment of each case's own."""
    return context | {"deployment_name": f"upgrade-{name.replace(' ', '-')}"}


@pytest.fixture
def stack(sandbox: Sandbox, context: Context) -> Stack:
    deployed = sandbox.deploy(context)
    deployed.set_credentials()
    return deployed


@pytest.fixture
def next_version(sandbox: Sandbox, tmp_path: Path) -> Sandbox:
    """Give the same sandbox, with an app whose function has other code."""
    for folder in ("stacks", "lambda"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("app.py", "cdk.json", "cdk.context.json"):
        shutil.copy(ROOT / file, tmp_path / file)
    with (tmp_path / "lambda" / "audience_uploader" / "handler.py").open("a") as handler:
        handler.write("\nNEXT_VERSION = True\n")
    return replace(sandbox, cdk=replace(sandbox.cdk, app_folder=tmp_path))


def _keep_dropping(stack: Stack, name: str, stop: threading.Event) -> DropStore:
    """Drop a file now and again, in turn into a few audiences, until told to stop."""
    drops: DropStore = {}
    while not stop.wait(SECONDS_BETWEEN_DROPS):
        number = len(drops)
        rows = ids(f"{name} {number}", ROWS)
        audience = f"{name} {number % AUDIENCES}"
        drops[stack.drop(audience, "phone_sha256", csv(rows), name=f"{number}.csv")] = rows
    return drops


def _code(stack: Stack) -> str:
    function = stack.outputs["FunctionName"]
    client = stack.clients.of("lambda")
    return str(client.get_function_configuration(FunctionName=function)["CodeSha256"])


def _unfinished(stack: Stack, drops: DropStore) -> set[str]:
    receipts = stack.keys("receipts/tiktok/")
    return set(drops) - {key.removeprefix("receipts/").rpartition("/")[0] for key in receipts}


@pytest.mark.parametrize(("name", "faults"), CASES)
def test_upgrade_while_drops_come_in_all_delivered_once(
    stack: Stack,
    next_version: Sandbox,
    tiktok: Control,
    context: Context,
    name: str,
    faults: Faults,
) -> None:
    old_code, stop = _code(stack), threading.Event()
    tiktok.call("faults", faults)

    with ThreadPoolExecutor(1) as writer:
        dropping = writer.submit(_keep_dropping, stack, name, stop)
        try:
            wait_for(lambda: stack.keys(f"state/waiting/tiktok/{name}"), "a wait", seconds=120)
            next_version.deploy(context | {"retry_base_delay_seconds": 0.2})
        finally:
            stop.set()
        drops = dropping.result()
    unfinished = _unfinished(stack, drops)
    tiktok.call("faults", method="DELETE")

    assert _code(stack) != old_code
    assert unfinished
    wait_for(lambda: not _unfinished(stack, drops), "all receipts", seconds=300, every=0.5)
    receipts = [stack.receipts(key) for key in drops]
    assert {tuple(receipt["status"] for receipt in of_one) for of_one in receipts} == {
        ("delivered",)
    }
    for number in range(AUDIENCES):
        (audience,) = tiktok.named(f"{name} {number}", ids=True)
        assert audience["ids"] == sorted(itertools.chain(*list(drops.values())[number::AUDIENCES]))
