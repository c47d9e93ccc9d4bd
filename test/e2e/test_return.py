"""The stack is taken down and comes back: the secret stays, and with it the operator's token."""

from dataclasses import dataclass

import pytest
from support.invented import csv, ids
from support.parquet_files import parquet

from local.emulator import Sandbox, Stack
from local.emulator.inventory import Thing, inventory
from local.emulator.simulator import Control

pytestmark = pytest.mark.e2e


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A deployment of this file's own that was used and then destroyed, beside the shared one."""

    sandbox: Sandbox
    context: dict[str, object]
    before: frozenset[Thing]

    def left(self) -> set[str]:
        """Give the kinds of things that were not there before its first deploy."""
        return {kind for kind, _ in inventory(self.sandbox.clients) - self.before}


@pytest.fixture(scope="module")
def destroyed(sandbox: Sandbox, stack: Stack, with_parquet: dict[str, object]) -> Destroyed:
    """Deploy, store credentials, and destroy just after a drop came in."""
    own = with_parquet | {"deployment_name": "return"}
    before = inventory(stack.clients)
    deployed = sandbox.deploy(own)
    deployed.set_credentials()
    deployed.drop("still there at the end", "phone_sha256", csv(ids("end", 3)))
    sandbox.destroy(deployed, own)
    return Destroyed(sandbox, own, before)


def _come_back(destroyed: Destroyed, tiktok: Control, name: str) -> None:
    """Deploy with the retained secret and without the layer, deliver a drop, destroy."""
    again = destroyed.context | {"reuse_existing_secret": "true", "parquet_support": "false"}
    stack = destroyed.sandbox.deploy(again)

    refused = stack.drop("no layer", "phone_sha256", parquet(ids(name, 30)), name="a.parquet")
    stack.awaited_receipt(stack.drop(name, "phone_sha256", csv(ids(name, 30))))

    _assert_refused_naming_the_setting(stack, refused)
    (audience,) = tiktok.named(name, ids=True)
    assert audience["ids"] == ids(name, 30)
    destroyed.sandbox.destroy(stack, again)


def _assert_refused_naming_the_setting(stack: Stack, key: str) -> None:
    refused = stack.awaited_receipt(key)
    assert (refused["status"], refused["reason"]) == ("rejected", "unsupported_content")
    assert "`parquet_support: true`" in refused["message"]


def test_destroy_leaves_only_the_secret_and_the_logs(destroyed: Destroyed) -> None:
    assert destroyed.left() == {"secret", "log group"}


def test_destroy_leaves_the_deployment_beside_it_whole_and_delivering(
    destroyed: Destroyed, stack: Stack
) -> None:
    key = stack.drop("beside", "phone_sha256", csv(ids("beside", 20)))

    assert stack.awaited_receipt(key)["status"] == "delivered"
    assert destroyed.before <= inventory(stack.clients)


def test_stack_comes_back_with_the_retained_secret_old_token_works(
    destroyed: Destroyed, tiktok: Control
) -> None:
    _come_back(destroyed, tiktok, "comes back")

    assert destroyed.left() == {"secret", "log group"}


@pytest.mark.long
@pytest.mark.parametrize("number", range(1, 6))
def test_stack_comes_back_five_times_nothing_piles_up(
    destroyed: Destroyed, tiktok: Control, number: int
) -> None:
    _come_back(destroyed, tiktok, f"comes back {number}")

    assert destroyed.left() == {"secret", "log group"}
