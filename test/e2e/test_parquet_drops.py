"""Parquet through the stack that is deployed with `parquet_support: true`."""

import pytest
from support.invented import csv, ids
from support.parquet_files import parquet

from local.emulator import Stack
from local.emulator.simulator import ADVERTISER_ID, Control
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e


def test_parquet_and_csv_of_one_folder_go_out_in_one_call_with_receipts_alike(
    stack: Stack, tiktok: Control
) -> None:
    rows = ids("parquet and csv", 3000)
    tiktok.call("faults", [{"endpoint": "list", "kind": "http", "value": 503}])
    text = stack.drop("both", "email_sha256", csv(rows[:1000]), name="q/part-0.csv")
    columns = stack.drop("both", "email_sha256", parquet(rows[1000:]), name="q/part-1.parquet")
    waited = _waits(stack)
    wait_for(lambda: _waits(stack) >= waited + 2, "a try that sees both to fail", seconds=120)
    tiktok.call("faults", method="DELETE")

    receipts = [stack.awaited_receipt(key, seconds=180) for key in (text, columns)]

    (audience,) = tiktok.named("both", ids=True)
    assert audience["ids"] == rows
    assert {written["status"] for written in receipts} == {"delivered"}
    assert len({written["request_id"] for written in receipts}) == 1
    assert [written["rows"]["distinct"] for written in receipts] == [1000, 2000]
    assert {*receipts[0]} == {*receipts[1]}


def _waits(stack: Stack) -> int:
    """Return how often in a row the audience was found to have to wait."""
    state = stack.json_if_there(f"state/{ADVERTISER_ID}/both.json") or {}
    wait = state.get("wait")
    return int(wait["count"]) if wait else -1


def test_damaged_parquet_is_dead_lettered_with_its_reason(stack: Stack) -> None:
    cut = parquet(ids("cut", 100))[:-5]

    key = stack.drop("cut short", "email_sha256", cut, name="a.parquet")

    assert stack.awaited_receipt(key)["reason"] == "damaged_parquet"
    letter = wait_for(
        lambda: next((m for m in stack.dead_letters() if key in m["Body"]), None),
        f"a dead letter about {key}",
        seconds=30,
    )
    assert "cut short" in letter["MessageAttributes"]["ErrorMessage"]["StringValue"]
