"""What SQS is told of a message that will be retried, or of a dead letter."""

import pytest
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.domain.outcomes import DeadLetter, Unavailable
from audience_uploader.messages.events import read_message
from support.fake_s3 import client_error
from support.fake_sqs import FakeSQS, Queued
from support.virtual_clock import VirtualClock


@pytest.fixture
def sqs() -> FakeSQS:
    return FakeSQS(VirtualClock().now)


@pytest.fixture
def queue(sqs: FakeSQS) -> Queue:
    return Queue(sqs, url="queue", dead_letter_url="dlq")  # type: ignore[arg-type]


@pytest.fixture
def sent(sqs: FakeSQS) -> Queued:
    message = sqs.send('{"original": "ü\\ud800"}')
    message.received_at = message.sent_at
    return message


def test_longest_hiding_counts_from_the_receive(queue: Queue, sent: Queued) -> None:
    sent.received_at = sent.sent_at - 800

    queue.hide(read_message(sent.record()), seconds=1e9, received_ago=800)

    assert sent.visible_at == sent.sent_at + 42_400


@pytest.mark.parametrize(
    ("seconds", "hidden"), [(0, 0), (-5, 0), (0.01, 1), (29.2, 30), (30, 30), (1e9, 43_200)]
)
def test_message_is_hidden_for_whole_seconds_within_what_sqs_takes(
    queue: Queue, sqs: FakeSQS, sent: Queued, seconds: float, hidden: int
) -> None:
    queue.hide(read_message(sent.record()), seconds=seconds, received_ago=0)

    assert sent.visible_at == sent.sent_at + hidden


def test_dead_letter_has_the_original_body_and_its_reason(
    queue: Queue, sqs: FakeSQS, sent: Queued
) -> None:
    queue.dead_letter(sent.body, DeadLetter("bad_key", "Copy the file."))

    assert sqs.dead[0].body == sent.body
    assert sqs.dead[0].attributes == {"ErrorReason": "bad_key", "ErrorMessage": "Copy the file."}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("name \x00\x1b[0m\x0b", "name ??[0m?"),
        ("tab\tline\nend\r", "tab\tline\nend\r"),
        ("lone \ud800\udfff", "lone ??"),
        ("non-characters \ufffe\uffff", "non-characters ??"),
        ("食通 🍜 \u202e", "食通 🍜 \u202e"),
        ("", "?"),
        ("x" * 1001, "x" * 1000),
    ],
    ids=["control", "white space", "surrogates", "not in XML", "beyond ASCII", "empty", "long"],
)
def test_attribute_holds_only_characters_that_sqs_takes(
    queue: Queue, sqs: FakeSQS, sent: Queued, text: str, written: str
) -> None:
    queue.dead_letter(sent.body, DeadLetter("bad_key", text))

    assert sqs.dead[0].attributes["ErrorMessage"] == written


def test_failing_sqs_is_unavailable(queue: Queue, sqs: FakeSQS, sent: Queued) -> None:
    def fail(operation: str) -> None:
        raise client_error("ServiceUnavailable", 503)

    sqs.before = fail
    message = read_message(sent.record())

    with pytest.raises(Unavailable, match="sqs: ServiceUnavailable"):
        queue.hide(message, seconds=1, received_ago=0)
    with pytest.raises(Unavailable, match="sqs: ServiceUnavailable"):
        queue.dead_letter(sent.body, DeadLetter("bad_key", "x"))
