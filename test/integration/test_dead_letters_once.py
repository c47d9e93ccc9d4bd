"""A bad drop whose event comes twice is told of once, whatever overlaps and whatever dies."""

from support.fake_s3 import client_error
from support.fake_sqs import Queued
from support.world import World

KEY = "tiktok/foodies/email_sha256/a.csv"


def _bad_drop_twice(w: World) -> tuple[Queued, Queued]:
    first = w.drop(KEY, b"jane@example.com\n")
    return first, w.sqs.send(first.body)


def test_second_event_while_the_first_is_being_told_goes_nowhere(w: World) -> None:
    first, second = _bad_drop_twice(w)

    def meanwhile(operation: str) -> None:
        w.sqs.before = lambda operation: None
        assert w.receive(second)

    w.sqs.before = meanwhile
    assert w.receive(first)

    assert w.reasons() == ["no_valid_rows"]
    assert not w.sqs.messages


def test_message_that_died_before_it_was_told_is_told_when_it_comes_back(w: World) -> None:
    first, second = _bad_drop_twice(w)

    def die(operation: str) -> None:
        w.sqs.before = lambda operation: None
        raise client_error("ServiceUnavailable", 503)

    w.sqs.before = die
    assert not w.receive(first)
    assert w.receive(second)
    assert w.reasons() == []
    assert w.receive(first)

    assert w.reasons() == ["no_valid_rows"]
    receipt = w.receipt(KEY)
    assert receipt
    assert receipt["dead_lettered_at"]


def test_drop_delivered_while_its_message_was_told_keeps_the_better_receipt(w: World) -> None:
    first, _ = _bad_drop_twice(w)

    def deliver(operation: str) -> None:
        [key] = [k for k in w.s3.objects if k.startswith("receipts/")]
        w.s3.put_object(Bucket="any", Key=key, Body=b'{"status": "delivered"}')

    w.sqs.before = deliver
    assert w.receive(first)

    assert w.receipt(KEY) == {"status": "delivered"}
