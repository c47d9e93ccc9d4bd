"""Invocations that are too short, drops that are too large, messages that grow too old."""

import pytest
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
DAY = 24 * HOUR


def ticking(w: World, *, start: float, step: float) -> None:
    """Time runs by `step` seconds with each reading from S3; every receive begins anew."""
    left = [start]

    def tick(operation: str, key: str) -> None:
        if operation == "get" and key.startswith("tiktok/"):
            left[0] -= step

    def remaining() -> float:
        return left[0]

    w.s3.before = tick
    w.remaining = remaining
    w.restart = lambda: left.__setitem__(0, start)


@pytest.fixture
def long_run(w: World) -> World:
    """Invocations of 100 s in which reading a drop takes 30 s."""
    ticking(w, start=100, step=30)
    return w


def test_under_a_minute_left_takes_no_new_drop_and_keeps_the_uploads_for_one_whole_call(
    long_run: World,
) -> None:
    w = long_run
    w.sim.seed(name="foodies", ids=[])
    messages = [w.drop(FOLDER + f"{n}.csv", hashes(n * 5, 5)) for n in range(4)]

    assert w.come(messages[0]) == 0
    assert w.called("upload") == ["upload"]
    assert w.ids("foodies") == [set()]
    w.run(hours=0.5)

    assert w.called("update") == ["update"]
    assert w.ids("foodies") == [set(hashes(0, 20))]
    assert not w.sqs.messages


def test_drop_that_no_invocation_was_long_enough_for_is_too_slow_after_three(w: World) -> None:
    message = w.drop(KEY, hashes(0, 5))
    ticking(w, start=900, step=900)

    assert [w.come(message) for _ in range(2)] == [0, 0]
    assert w.receive(message)

    assert w.reasons() == ["too_slow"]
    assert "split" in w.sqs.dead[0].attributes["ErrorMessage"]
    assert not w.called("create")
    assert not list(w.directory.iterdir())


def test_drop_whose_upload_no_invocation_was_long_enough_for_is_too_slow_after_three(
    w: World,
) -> None:
    left = [900.0]

    class Slow(list[float]):
        def append(self, seconds: float) -> None:
            left[0] = 20.0  # the wait before the upload takes the rest of the time

    w.slept = Slow()
    w.app = w.new_app()
    w.restart = lambda: left.__setitem__(0, 900.0)
    w.remaining = lambda: left[0]
    message = w.drop(KEY, hashes(0, 5))

    for _ in range(2):
        assert w.come(message) == 0
        w.advance(60)

    assert w.receive(message)
    assert w.reasons() == ["too_slow"]
    assert not w.called("upload")


def test_drop_of_more_rows_than_a_call_may_hold_is_too_big(w: World) -> None:
    w.largest_drop = 65 * 4
    w.app = w.new_app()

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.reasons() == ["too_big"]
    assert "split" in w.sqs.dead[0].attributes["ErrorMessage"].lower()
    assert not w.called("upload")


def test_drop_whose_size_alone_is_too_much_is_refused_unread(w: World) -> None:
    w.largest_drop = 65 * 4
    w.app = w.new_app()
    message = w.drop(KEY, hashes(0, 17))
    done: list[tuple[str, str]] = []
    w.s3.before = lambda operation, key: done.append((operation, key))

    assert w.receive(message)

    assert w.reasons() == ["too_big"]
    assert "260 bytes" in w.sqs.dead[0].attributes["ErrorMessage"]
    assert ("get", KEY) not in done


def test_message_that_waited_for_13_days_is_dead_lettered_before_sqs_deletes_it(w: World) -> None:
    w.secrets.put(ACCESS_TOKEN="wrong", ADVERTISER_ID=w.sim.advertiser_id)
    message = w.drop(KEY, hashes(0, 5))

    w.run(hours=14 * 24, receives=5000)

    assert w.reasons() == ["gave_up"]
    assert 13 * DAY < w.now() - message.sent_at < 13.1 * DAY
    assert "credentials" in w.sqs.dead[0].attributes["ErrorMessage"]


def test_message_received_often_is_dead_lettered_before_the_queue_takes_it_away(w: World) -> None:
    w.sim.faults.add({"kind": "http", "value": 502})
    message = w.drop(KEY, hashes(0, 5))

    w.run(hours=14 * 24, receives=5000)

    assert w.reasons() == ["gave_up"]
    assert 10 * DAY < w.now() - message.sent_at < 10.5 * DAY
    assert message.receives == 990
    assert "transient" in w.sqs.dead[0].attributes["ErrorMessage"]


def test_message_given_up_on_is_delivered_when_redriven_after_the_cause_is_gone(w: World) -> None:
    w.secrets.put(ACCESS_TOKEN="wrong", ADVERTISER_ID=w.sim.advertiser_id)
    w.drop(KEY, hashes(0, 5))
    w.run(hours=14 * 24, receives=5000)
    assert w.reasons() == ["gave_up"]
    w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID=w.sim.advertiser_id)

    w.redrive()
    w.run(hours=2)

    assert w.ids("foodies") == [set(hashes(0, 5))]
