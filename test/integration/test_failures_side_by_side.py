"""What one message meets does not change what another one waits for."""

from audience_uploader.domain.outcomes import OutOfTime
from support.events import hashes
from support.fake_s3 import client_error
from support.world import World

KEY = "tiktok/foodies/email_sha256/a.csv"


def test_empty_object_at_a_bad_key_is_skipped(w: World) -> None:
    message = w.drop("tiktok/foodies_$folder$", b"")

    assert w.receive(message)

    assert w.reasons() == []


def test_refused_drop_of_another_type_leaves_the_audience_waiting_as_it_did(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 1000)))
    waiting = w.drop("tiktok/foodies/email_sha256/b.csv", hashes(1000, 10))
    assert not w.receive(waiting)
    before = w.record("foodies")
    w.advance(15 * 60)

    assert w.receive(w.drop("tiktok/foodies/phone_sha256/c.csv", hashes(0, 10)))

    assert w.reasons() == ["other_id_type"]
    after = w.record("foodies")
    assert (after["wait"], after["busy_since"]) == (before["wait"], before["busy_since"])


def test_create_that_could_not_be_written_down_first_is_not_looked_for(w: World) -> None:
    record = f"state/{w.sim.advertiser_id}/foodies.json"
    puts: list[str] = []

    def fail_the_second(operation: str, key: str) -> None:
        if operation == "put" and key == record:
            puts.append(key)
            if len(puts) == 2:
                raise client_error("SlowDown", 503)

    w.s3.before = fail_the_second
    message = w.drop(KEY, hashes(0, 10))
    assert not w.receive(message)
    w.s3.before = lambda operation, key: None

    assert w.record("foodies")["create"] is None
    assert not w.called("create")
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 10))]


def test_look_without_time_for_one_answer_waits_a_little_longer_each_time(w: World) -> None:
    def no_time(path: str) -> None:
        raise OutOfTime("no time for an answer")

    w.tiktok.before = no_time
    message = w.drop(KEY, hashes(0, 10))

    assert [w.come(message) for _ in range(3)] == [30, 60, 120]
    assert w.record("foodies")["wait"]["kind"] == "transient"
