"""What became of the function that was killed in part 1."""

import pytest

from local.emulator import Stack
from local.emulator.invented import ids
from local.emulator.simulator import ADVERTISER_ID, Control

pytestmark = pytest.mark.e2e
LEASE_SECONDS = 10 + 60


def test_drops_of_a_killed_function_finished_by_the_next_message(
    stack: Stack, tiktok: Control
) -> None:
    keys = [f"tiktok/killed/phone_sha256/{name}.csv" for name in ("first", "second")]
    if f"state/{ADVERTISER_ID}/killed.json" not in stack.keys("state/"):
        pytest.skip("no function was killed")

    for key in keys:
        stack.awaited_receipt(key, seconds=LEASE_SECONDS + 30)

    (audience,) = tiktok.named("killed", ids=True)
    assert audience["ids"] == sorted(ids("killed first", 1000) + ids("killed second", 10))
    assert {stack.receipt(key)["audience_id"] for key in keys} == {audience["id"]}


def test_all_that_was_uploaded_held_nothing_but_hashes(stack: Stack, tiktok: Control) -> None:
    leaks = tiktok.call("state")["leaks"]

    assert stack.keys("receipts/")
    assert set(leaks.values()) == {0}, leaks
