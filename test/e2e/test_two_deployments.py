"""Two deployments in one account, each for an advertiser of its own, that share nothing.

That destroying one leaves the other as it was is in `test_return.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from support.invented import csv, ids

from local.emulator import Sandbox, Stack
from local.emulator.inventory import Thing, inventory
from local.emulator.simulator import ADVERTISER_ID, Control
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e
Context = dict[str, object]

STAGE_ADVERTISER_ID = "7000000000000000002"


@pytest.fixture(scope="module")
def before_stage(sandbox: Sandbox, stack: Stack) -> frozenset[Thing]:
    """List what the account holds with the first deployment alone."""
    return inventory(stack.clients)


@pytest.fixture(scope="module")
def stage_context(context: Context) -> Context:
    return context | {"deployment_name": "stage"}


@pytest.fixture(scope="module")
def stage(
    sandbox: Sandbox, before_stage: frozenset[Thing], stage_context: Context
) -> Iterator[Stack]:
    """Deploy a second time beside the first, with the credentials of a second advertiser."""
    sandbox.tiktok.control.set_options(advertisers=[ADVERTISER_ID, STAGE_ADVERTISER_ID])
    deployed = sandbox.deploy(stage_context)
    deployed.set_credentials(advertiser_id=STAGE_ADVERTISER_ID)
    yield deployed
    sandbox.tiktok.control.set_options(advertisers=[ADVERTISER_ID])


def _deliver(stack: Stack, audience: str, rows: list[str]) -> str:
    """Drop the rows and give the id of the audience that they were delivered into."""
    receipt = stack.awaited_receipt(stack.drop(audience, "email_sha256", csv(rows)))
    assert receipt["status"] == "delivered"
    return str(receipt["audience_id"])


def _namespaces(stack: Stack) -> set[str]:
    """Give the namespaces of the metrics that the function wrote into its log."""
    lines = [line for line in stack.log_lines() if '"CloudWatchMetrics"' in line]
    written = [json.loads(line)["_aws"]["CloudWatchMetrics"] for line in lines]
    return {metric["Namespace"] for metrics in written for metric in metrics}


def test_side_by_side_each_has_its_own_of_everything(
    stack: Stack, stage: Stack, before_stage: frozenset[Thing]
) -> None:
    added = Counter(kind for kind, _ in inventory(stage.clients) - before_stage)

    # All of what a deployment is made of came a second time, the first one's things are all there.
    assert before_stage <= inventory(stage.clients)
    assert {"bucket", "secret", "key", "function", "alarm", "dashboard", "rule", "role"} <= {*added}
    assert added["queue"] == 2
    assert stage.outputs["SecretName"] == "tiktok_activation_credentials_stage"
    shared = {name for name in stack.outputs if stack.outputs[name] == stage.outputs[name]}
    assert shared == {"TikTokApiUrl"}


def test_drops_into_both_reach_each_its_own_advertiser(
    stack: Stack, stage: Stack, tiktok: Control
) -> None:
    first, second = ids("side by side, first", 20), ids("side by side, stage", 30)

    first_id = _deliver(stack, "side by side", first)
    second_id = _deliver(stage, "side by side", second)

    (ours,) = tiktok.named("side by side", ids=True)
    (theirs,) = tiktok.named("side by side", ids=True, advertiser_id=STAGE_ADVERTISER_ID)
    assert (ours["id"], ours["ids"]) == (first_id, first)
    assert (theirs["id"], theirs["ids"]) == (second_id, second)
    assert {_advertiser(key) for key in stack.keys("state/7")} == {ADVERTISER_ID}
    assert {_advertiser(key) for key in stage.keys("state/7")} == {STAGE_ADVERTISER_ID}


def _advertiser(key: str) -> str:
    """Give the advertiser whose record lies at this key of `state/`."""
    return key.split("/")[1]


def test_metrics_of_each_in_a_namespace_of_its_own(stack: Stack, stage: Stack) -> None:
    _deliver(stack, "metrics", ids("metrics, first", 5))
    _deliver(stage, "metrics", ids("metrics, stage", 5))

    assert _namespaces(stack) == {"TikTokAudienceUploader"}
    assert _namespaces(stage) == {"TikTokAudienceUploader-stage"}


def test_dead_letter_of_one_is_not_in_the_others_queue(stack: Stack, stage: Stack) -> None:
    stage.put("tiktok/side by side/shoe_size/a.csv", csv(ids("dead", 3)))

    wait_for(stage.dead_letters, "the dead letter", seconds=120)

    assert not [m for m in stack.dead_letters() if "side by side/shoe_size" in m["Body"]]
