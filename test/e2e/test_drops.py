"""What a drop does: the audience of the right name and type, with all ids, once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.invented import csv, ids

from local.emulator import Stack
from local.emulator.simulator import Control
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e

NAMES = {
    "plus": "a+b",
    "percent": "100% yes",
    "looks encoded": "50%25%2F%20+",
    "ampersand": "R&D=1?x#y",
    "blanks": "two  words",
    "umlauts": "Käufer München",
    "decomposed": "Café",
    "chinese": "顧客リスト",
    "emoji": "food 🍔",
    "quotes": 'it\'s "quoted"; <b>',
}


@pytest.mark.parametrize(
    "spelling",
    ["Email_SHA256", "phone_sha256", "IDFA_SHA256", "gaid_Sha256", "First_sha256"],
)
def test_drop_each_format_in_mixed_case_makes_an_audience_of_that_type(
    stack: Stack, tiktok: Control, spelling: str
) -> None:
    name, rows = f"formats {spelling}", ids(spelling, 20)

    written = stack.awaited_receipt(stack.drop(name, spelling, csv(rows)))

    (audience,) = tiktok.named(name, ids=True)
    assert audience["calculate_type"] == spelling.upper()
    assert audience["ids"] == rows
    assert written["status"] == "delivered"
    assert written["audience_id"] == audience["id"]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_drop_odd_audience_name_is_taken_letter_by_letter(
    stack: Stack, tiktok: Control, name: str
) -> None:
    written = stack.awaited_receipt(
        stack.drop(name, "email_sha256", csv(ids(name, 3)), name="a+b %41 é.csv")
    )

    (audience,) = tiktok.named(name, ids=True)
    assert audience["ids"] == ids(name, 3)
    assert written["audience_name"] == name


def test_drop_for_an_audience_on_page_three_appends_to_it(stack: Stack, tiktok: Control) -> None:
    old, new = ids("page three old", 1000), ids("page three new", 50)
    seed = {"name": "page three", "calculate_type": "GAID_SHA256", "ids": old}
    (target,) = tiktok.call("audiences", seed)["ids"]
    others = tiktok.call("audiences", {"name": "in front", "count": 250})["ids"]

    written = stack.awaited_receipt(stack.drop("page three", "gaid_sha256", csv(new)))
    for other in others:
        tiktok.call(f"audiences/{other}", method="DELETE")

    (audience,) = tiktok.named("page three", ids=True)
    assert audience["id"] == written["audience_id"] == target
    assert audience["ids"] == sorted(old + new)
    assert written["action"] == "append"


def test_drop_outside_tiktok_or_in_another_bucket_does_nothing(
    stack: Stack, tiktok: Control
) -> None:
    s3 = stack.clients.s3
    s3.create_bucket(Bucket="somebody-elses")
    content = csv(ids("outside", 3))

    for key in ("other/outside/phone_sha256/a.csv", "tiktokk/outside/phone_sha256/a.csv"):
        stack.put(key, content)
    s3.put_object(Bucket="somebody-elses", Key="tiktok/outside/phone_sha256/a.csv", Body=content)
    stack.awaited_receipt(stack.drop("inside", "phone_sha256", content))

    assert tiktok.named("inside")
    assert not tiktok.named("outside")
    assert [key for key in stack.keys("") if "outside" in key] == [
        "other/outside/phone_sha256/a.csv",
        "tiktokk/outside/phone_sha256/a.csv",
    ]
    s3.delete_object(Bucket="somebody-elses", Key="tiktok/outside/phone_sha256/a.csv")
    s3.delete_bucket(Bucket="somebody-elses")


def test_raw_addresses_between_the_hashes_are_not_uploaded(stack: Stack, tiktok: Control) -> None:
    rows = ids("mixed", 20)
    raw = b"someone@example.com\n+447700900123\n"

    written = stack.awaited_receipt(stack.drop("mixed", "email_sha256", raw + csv(rows) + raw))

    (audience,) = tiktok.named("mixed", ids=True)
    assert audience["ids"] == rows
    assert written["rows"]["valid"] == 20
    leaks = tiktok.call("state")["leaks"]
    assert set(leaks.values()) == {0}, leaks


def test_parts_two_dozen_at_once_make_one_audience_with_all_ids(
    stack: Stack, tiktok: Control
) -> None:
    # TikTok takes no change of an audience below 1,000, and the first try may find one part only.
    parts = {f"query/part-{number:05}.csv": ids(f"part {number}", 1000) for number in range(24)}
    tiktok.call("faults", [{"endpoint": "list", "kind": "slow", "value": 0.5}])

    with ThreadPoolExecutor(8) as writers:
        keys = list(
            writers.map(
                lambda part: stack.drop("parts", "email_sha256", csv(part[1]), name=part[0]),
                parts.items(),
            )
        )
    receipts = [stack.awaited_receipt(key) for key in keys]

    (audience,) = tiktok.named("parts", ids=True)
    assert audience["ids"] == sorted(row for rows in parts.values() for row in rows)
    assert {written["status"] for written in receipts} == {"delivered"}
    assert {written["audience_id"] for written in receipts} == {audience["id"]}


def test_event_delivered_again_uploads_nothing(stack: Stack, tiktok: Control) -> None:
    key = stack.drop("again", "email_sha256", csv(ids("again", 5)))
    stack.awaited_receipt(key)
    calls = len(tiktok.call("calls")["calls"])

    detail = {"bucket": {"name": stack.bucket}, "object": {"key": key, "size": 5 * 65}}
    event = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    sent = stack.clients.sqs.send_message(QueueUrl=stack.queue_url, MessageBody=json.dumps(event))
    wait_for(lambda: _is_logged(stack, sent["MessageId"]), "the second event's end", seconds=120)

    assert len(tiktok.call("calls")["calls"]) == calls
    assert len(stack.receipts(key)) == 1


def _is_logged(stack: Stack, message_id: str) -> bool:
    return any(message_id in line for line in stack.log_lines())
