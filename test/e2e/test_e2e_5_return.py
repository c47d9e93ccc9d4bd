"""The stack is taken down and comes back: the secret stays, and with it the operator's token."""

import pytest
from support.parquet_files import parquet

from local.emulator import Sandbox, Stack
from local.emulator.invented import csv, ids
from local.emulator.inventory import Thing, inventory
from local.emulator.simulator import Control

pytestmark = pytest.mark.e2e
Context = dict[str, object]


def _assert_only_secret_and_logs_left(sandbox: Sandbox, bare: frozenset[Thing]) -> None:
    left = {kind for kind, _ in inventory(sandbox.clients) - bare}
    assert left == {"secret", "log group"}


def _come_back(sandbox: Sandbox, context: Context, tiktok: Control, name: str) -> None:
    """Deploy with the kept secret and without the layer, deliver a drop, destroy."""
    again = context | {"reuse_existing_secret": "true", "parquet_support": "false"}
    stack = sandbox.deploy(again)

    refused = stack.drop("no layer", "phone_sha256", parquet(ids(name, 30)), name="a.parquet")
    stack.awaited_receipt(stack.drop(name, "phone_sha256", csv(ids(name, 30))))

    _assert_refused_naming_the_setting(stack, refused)

    (audience,) = tiktok.named(name, ids=True)
    assert audience["ids"] == ids(name, 30)
    sandbox.destroy(stack, again)


def _assert_refused_naming_the_setting(stack: Stack, key: str) -> None:
    refused = stack.awaited_receipt(key)
    assert (refused["status"], refused["reason"]) == ("rejected", "unsupported_content")
    assert "`parquet_support: true`" in refused["message"]


def test_destroy_leaves_only_the_secret_and_the_logs(
    sandbox: Sandbox, stack: Stack, bare: frozenset[Thing], context: Context
) -> None:
    stack.drop("still there at the end", "phone_sha256", csv(ids("end", 3)))

    sandbox.destroy(stack, context)

    _assert_only_secret_and_logs_left(sandbox, bare)


def test_stack_comes_back_with_the_kept_secret_old_token_works(
    sandbox: Sandbox, bare: frozenset[Thing], context: Context, tiktok: Control
) -> None:
    _come_back(sandbox, context, tiktok, "comes back")

    _assert_only_secret_and_logs_left(sandbox, bare)


@pytest.mark.long
@pytest.mark.parametrize("number", range(1, 6))
def test_stack_comes_back_five_times_nothing_piles_up(
    sandbox: Sandbox, bare: frozenset[Thing], context: Context, tiktok: Control, number: int
) -> None:
    _come_back(sandbox, context, tiktok, f"comes back {number}")

    _assert_only_secret_and_logs_left(sandbox, bare)
