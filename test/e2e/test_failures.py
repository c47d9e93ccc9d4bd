"""What does not work at once: it waits, or lies in the dead-letter queue with a reason."""

from typing import TYPE_CHECKING, Any

import pytest
from support.invented import csv, ids

from local.emulator import Stack
from local.emulator.simulator import ACCESS_TOKEN, Control
from local.emulator.waiting import wait_for

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

pytestmark = pytest.mark.e2e


def _dead_letter(stack: Stack, part: str) -> "MessageTypeDef":
    """Wait for the dead letter whose body holds `part`."""
    return wait_for(
        lambda: next((m for m in stack.dead_letters() if part in m["Body"]), None),
        f"a dead letter about {part}",
        seconds=120,
        every=0.5,
    )


def _text(message: "MessageTypeDef", name: str) -> str:
    return message["MessageAttributes"][name]["StringValue"]


def test_junk_in_the_queue_dead_lettered_with_reason_and_body(stack: Stack) -> None:
    stack.clients.sqs.send_message(QueueUrl=stack.queue_url, MessageBody="junk, not JSON {")

    letter = _dead_letter(stack, "junk")

    assert letter["Body"] == "junk, not JSON {"
    assert _text(letter, "ErrorReason")
    assert _text(letter, "ErrorMessage").endswith(".")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("tiktok/dead format/shoe_size/a.csv", "unknown_format"),
        ("tiktok/dead-no-folder.csv", "bad_key"),
        (f"tiktok/dead {'n' * 124}/email_sha256/a.csv", "name_too_long"),
    ],
    ids=["unknown format", "no folder", "name of 129 characters"],
)
def test_drop_with_a_wrong_key_dead_lettered_nothing_called(
    stack: Stack, tiktok: Control, key: str, reason: str
) -> None:
    calls = tiktok.call("calls")["counts"].get("upload")

    stack.put(key, csv(ids("dead", 3)))

    letter = _dead_letter(stack, key)
    assert _text(letter, "ErrorReason") == reason
    assert tiktok.call("calls")["counts"].get("upload") == calls


def test_drop_without_a_valid_row_dead_lettered_and_receipt_says_so(stack: Stack) -> None:
    key = stack.drop("no rows", "email_sha256", b"someone@example.com\n")

    letter = _dead_letter(stack, "no rows")

    assert _text(letter, "ErrorReason") == "no_valid_rows"
    assert stack.awaited_receipt(key)["status"] == "rejected"
    assert "someone@example.com" not in str(stack.awaited_receipt(key)) + str(letter)


def test_token_refused_then_secret_corrected_warm_function_delivers_without_help(
    stack: Stack, tiktok: Control
) -> None:
    before = tiktok.call("calls")["counts"].get("upload", {}).get("0", 0)
    tiktok.set_options(token="rotated-token")
    try:
        key = stack.drop("rotated", "phone_sha256", csv(ids("rotated", 30)))
        wait_for(lambda: _refusals(tiktok), "TikTok to refuse the old token", seconds=120)
        stack.set_credentials(token="rotated-token")

        assert stack.awaited_receipt(key)["status"] == "delivered"
    finally:
        tiktok.set_options(token=ACCESS_TOKEN)
        stack.set_credentials()
    (audience,) = tiktok.named("rotated", ids=True)
    assert audience["ids"] == ids("rotated", 30)
    assert _refusals(tiktok) < 10
    assert tiktok.call("calls")["counts"]["upload"]["0"] == before + 1


def _refusals(tiktok: Control) -> int:
    counts = tiktok.call("calls")["counts"].values()
    return sum(
        number for codes in counts for code, number in codes.items() if code.startswith("4010")
    )


def test_dead_letter_redriven_after_its_cause_is_gone_delivered(
    stack: Stack, tiktok: Control
) -> None:
    seed = {"name": "other type", "calculate_type": "IDFA_SHA256", "size": 1000}
    (wrong,) = tiktok.call("audiences", seed)["ids"]
    key = stack.drop("other type", "email_sha256", csv(ids("other type", 40)))
    letter = _dead_letter(stack, "other type")
    assert wrong in _text(letter, "ErrorMessage")

    tiktok.call(f"audiences/{wrong}", method="DELETE")
    stack.redrive(letter)

    written = wait_for(lambda: _delivered(stack, key), "the delivery", seconds=120)
    (audience,) = tiktok.named("other type", ids=True)
    assert audience["ids"] == ids("other type", 40)
    assert audience["id"] == written["audience_id"]


def _delivered(stack: Stack, key: str) -> dict[str, Any] | None:
    written = stack.receipt(key)
    return written if written and written["status"] == "delivered" else None


def test_answer_to_create_lost_audience_found_not_made_again(stack: Stack, tiktok: Control) -> None:
    tiktok.call("faults", [{"endpoint": "create", "kind": "cut_after", "times": 1}])

    written = stack.awaited_receipt(
        stack.drop("lost answer", "phone_sha256", csv(ids("lost answer", 30)))
    )

    (audience,) = tiktok.named("lost answer", ids=True)
    assert audience["ids"] == ids("lost answer", 30)
    assert audience["id"] == written["audience_id"]


def test_audience_still_processing_drop_waits_then_delivered(stack: Stack, tiktok: Control) -> None:
    tiktok.set_options(processing_seconds=4)
    try:
        stack.awaited_receipt(
            stack.drop("busy", "phone_sha256", csv(ids("busy 1", 1000)), name="1.csv")
        )
        key = stack.drop("busy", "phone_sha256", csv(ids("busy 2", 30)), name="2.csv")

        assert stack.awaited_receipt(key)["attempts"] > 1
    finally:
        tiktok.set_options(processing_seconds=0)
    (audience,) = tiktok.named("busy", ids=True)
    assert audience["ids"] == sorted(ids("busy 1", 1000) + ids("busy 2", 30))
