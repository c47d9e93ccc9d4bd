"""A bad drop is told of: once as a rule, twice where a function died in between, and never not."""

from support.fake_s3 import client_error
from support.fake_sqs import Queued
from support.killer import Killed
from support.world import World, hashes

KEY = "tiktok/foodies/email_sha256/a.csv"


def _bad_drop_twice(w: World) -> tuple[Queued, Queued]:
    first = w.drop(KEY, b"jane@example.com\n")
    return first, w.sqs.send(first.body)


def test_second_event_of_a_drop_that_was_told_of_is_done(w: World) -> None:
    first, second = _bad_drop_twice(w)

    assert w.receive(first)
    assert w.receive(second)

    assert w.reasons() == ["no_valid_rows"]
    assert not w.sqs.messages


def test_drop_whose_dead_letter_could_not_be_sent_has_no_receipt_and_is_told_of_by_the_next(
    w: World,
) -> None:
    first, second = _bad_drop_twice(w)

    def fail(operation: str) -> None:
        w.sqs.before = lambda operation: None
        raise client_error("ServiceUnavailable", 503)

    w.sqs.before = fail
    assert not w.receive(first)
    assert w.receipt(KEY) is None
    assert w.receive(second)
    assert w.receive(first)

    assert w.reasons() == ["no_valid_rows"]
    receipt = w.receipt(KEY)
    assert receipt
    assert receipt["dead_lettered_at"]


def test_drop_whose_function_died_before_the_receipt_is_told_of_twice_rather_than_never(
    w: World,
) -> None:
    first, second = _bad_drop_twice(w)

    def die(operation: str) -> None:
        w.sqs.after = lambda operation: None
        raise Killed

    w.sqs.after = die
    try:
        w.receive(first)
    except Killed:
        w.app = w.new_app()
    assert w.receipt(KEY) is None
    w.run()

    assert w.reasons() == ["no_valid_rows"] * 2
    assert second.message_id not in w.sqs.messages
    assert w.receipt(KEY)


def test_drop_delivered_while_its_message_was_told_of_keeps_the_better_receipt(w: World) -> None:
    first = w.drop(KEY, b"jane@example.com\n")
    etag = w.s3.objects[KEY].etag.strip('"')

    def deliver(operation: str) -> None:
        w.s3.store(f"receipts/{KEY}/{etag}.json", b'{"status": "delivered"}')

    w.sqs.before = deliver
    assert w.receive(first)

    assert w.receipt(KEY) == {"status": "delivered"}


def test_bad_drop_beside_a_good_one_is_told_of_once_whichever_message_comes_first(
    w: World,
) -> None:
    good = "tiktok/foodies/email_sha256/good.csv"
    bad, _ = _bad_drop_twice(w)
    w.receive(w.drop(good, hashes(0, 5)))
    w.receive(bad)
    w.run()

    assert w.reasons() == ["no_valid_rows"]
