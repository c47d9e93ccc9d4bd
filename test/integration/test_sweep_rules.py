"""The sweep: what it sends a message for, what it leaves alone, and what it never costs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from support.fake_s3 import client_error
from support.killer import Killed
from support.world import BUCKET, HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
BAD = b"jane@example.com\n"


def lost(w: World, key: str, body: Any = None) -> str:
    """Write an object whose event never comes, long ago."""
    etag = w.write(key, body or hashes(0, 5))
    w.advance(HOUR)
    return etag


def sent(w: World) -> list[str]:
    """Return the keys that the messages in the queue tell of."""
    return sorted(json.loads(m.body)["detail"]["object"]["key"] for m in w.sqs.messages.values())


def test_message_of_a_sweep_is_an_object_created_event_for_the_oldest_drop_of_its_group(
    w: World,
) -> None:
    etag = lost(w, KEY)
    lost(w, "tiktok/foodies/EMAIL_SHA256/b.csv", hashes(5, 5))

    w.sweep()

    [message] = w.sqs.messages.values()
    event = json.loads(message.body)
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
    assert event["detail"] == {
        "version": "0",
        "bucket": {"name": BUCKET},
        "object": {"key": KEY, "etag": etag.strip('"'), "size": 325},
        "reason": "sweep",
    }
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 10))]


def test_each_group_and_each_bad_key_is_swept_by_itself(w: World) -> None:
    keys = [
        KEY,
        "tiktok/foodies/phone_sha256/a.csv",
        "tiktok/others/email_sha256/a.csv",
        "tiktok/orphan.csv",
        "tiktok/foodies/email/a.csv",
        "tiktok//email_sha256/a.csv",
        FOLDER + "delete/a.csv",
    ]
    for key in keys:
        w.write(key, hashes(0, 5))
    w.advance(HOUR)

    w.sweep()

    assert sent(w) == sorted(keys)
    w.run()
    assert sorted(w.reasons()) == sorted(["bad_key"] * 3 + ["unknown_format", "other_id_type"])
    w.advance(2 * HOUR)
    w.sweep()
    assert not w.sqs.messages


def test_folder_without_a_name_makes_no_status_object(w: World) -> None:
    lost(w, "tiktok//email_sha256/a.csv")

    w.sweep()

    assert [k for k in w.s3.objects if k.startswith("status/")] == ["status/index.html"]


def test_drop_is_swept_only_once_its_event_is_overdue(w: World) -> None:
    w.settle_seconds = 60
    w.app = w.new_app()
    w.write(KEY, hashes(0, 5))
    w.advance(60 + 30 * w.base - 1)
    w.sweep()
    assert not w.sqs.messages

    w.advance(1)
    w.sweep()

    assert sent(w) == [KEY]


def test_group_gets_no_second_message_within_an_hour_whatever_became_of_the_first(
    w: World,
) -> None:
    lost(w, KEY)
    w.sweep()
    for minutes in (10, 10, 10, 10, 10, 9):
        w.sqs.messages.clear()  # deleted by hand, or purged
        w.advance(minutes * 60)
        w.sweep()
        assert not w.sqs.messages

    w.advance(60)
    w.sweep()

    assert sent(w) == [KEY]


def leased(w: World) -> None:
    record: dict[str, Any] = {"advertiser_id": w.sim.advertiser_id, "audience_name": "foodies"}
    record |= {"lease": {"owner": "x", "expires_at": "2027-01-15T09:10:00.000Z", "drop": KEY}}
    w.s3.store(f"state/{w.sim.advertiser_id}/foodies.json", json.dumps(record).encode())


def waiting(w: World, field: str, not_before: str) -> None:
    wait: dict[str, Any] = {
        "kind": "transient",
        "count": 0,
        "since": "2027-01-15T08:00:00.000Z",
        "drop": KEY,
    }
    wait |= {"not_before": not_before}
    record: dict[str, Any] = {"advertiser_id": w.sim.advertiser_id, "audience_name": "foodies"}
    record |= {field: wait if field == "wait" else {KEY: wait}}
    w.s3.store(f"state/{w.sim.advertiser_id}/foodies.json", json.dumps(record).encode())


# The clock starts at 2027-01-15T08:00:00Z; a lost drop is swept an hour later, at 09:00.
@pytest.mark.parametrize("field", ["wait", "drop_waits"])
@pytest.mark.parametrize(
    ("not_before", "swept"),
    [
        ("2027-01-15T09:30:00.000Z", False),
        ("2027-01-15T08:00:01.000Z", False),
        ("2027-01-15T07:59:59.000Z", True),
        ("2099-01-01T00:00:00.000Z", True),
    ],
    ids=["ahead", "just under an hour ago", "over an hour ago", "broken clock"],
)
def test_wait_of_an_audience_or_drop_keeps_the_sweep_away_until_an_hour_after_its_end(
    w: World, field: str, not_before: str, swept: bool
) -> None:
    lost(w, KEY)
    waiting(w, field, not_before)

    w.sweep()

    assert sent(w) == ([KEY] if swept else [])


def test_lease_in_force_keeps_the_sweep_away_and_one_of_a_dead_holder_does_not(
    w: World,
) -> None:
    lost(w, KEY)
    leased(w)
    before = w.record("foodies")
    w.sweep()
    assert not w.sqs.messages

    w.advance(15 * 60)
    w.sweep()

    assert sent(w) == [KEY]
    assert w.record("foodies") == before, "the crash is still to be counted"
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_sweep_never_writes_a_record_that_holds_a_lease_even_an_expired_one(w: World) -> None:
    w.sim.set_options(processing_seconds=HOUR)
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.advance(2 * HOUR)

    def die(path: str) -> None:
        if "upload" in path:
            w.tiktok.before = lambda path: None
            raise Killed

    w.tiktok.before = die
    message = w.drop(FOLDER + "b.csv", hashes(5, 5))
    with pytest.raises(Killed):
        w.receive(message)
    w.app = w.new_app()
    before = w.record("foodies")
    for hours in (0, 1, 49):
        w.advance(hours * HOUR)
        w.sweep()
        assert w.record("foodies") == before

    w.run()
    w.advance(3 * HOUR)
    w.sweep()

    found: Any = w.receipt(KEY)
    assert found["outcome"]["state"] == "ready"


def busy(w: World) -> None:
    w.sim.seed(name="foodies", is_valid=False)
    w.receive(w.drop(KEY, hashes(0, 5)))


def faulty(w: World) -> None:
    w.sim.faults.add({"kind": "http", "value": 502})
    w.receive(w.drop(KEY, hashes(0, 5)))


def refused_token(w: World) -> None:
    w.secrets.put(ACCESS_TOKEN="wrong", ADVERTISER_ID=w.sim.advertiser_id)
    w.receive(w.drop(KEY, hashes(0, 5)))


def no_secret(w: World) -> None:
    w.secrets.error = client_error("ResourceNotFoundException")
    w.receive(w.drop(KEY, hashes(0, 5)))


def unreadable(w: World) -> None:
    def refuse(operation: str, key: str) -> None:
        if operation == "get" and key == KEY:
            raise client_error("AccessDenied", 403)

    w.s3.before = refuse
    w.receive(w.drop(KEY, hashes(0, 5)))


def crashing(w: World) -> None:
    def die(operation: str, key: str) -> None:
        if operation == "get" and key == KEY:
            raise Killed

    message = w.drop(KEY, hashes(0, 5))
    w.s3.before = die
    with pytest.raises(Killed):
        w.receive(message)
    w.s3.before = lambda operation, key: None
    w.app = w.new_app()


def without_rows(w: World) -> None:
    w.receive(w.drop(KEY, b"email_sha256\n"))


def empty(w: World) -> None:
    w.receive(w.drop(KEY, b""))


def marker(w: World) -> None:
    w.receive(w.drop(FOLDER + "_SUCCESS", b"ok"))


def dead_lettered(w: World) -> None:
    w.receive(w.drop(KEY, BAD))


def delivered(w: World) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))


def absent(w: World) -> None:
    w.receive(w.drop(FOLDER + "remove/out.csv", hashes(0, 5)))


def backlogged(w: World) -> None:
    for n in range(30):
        w.drop(f"{FOLDER}{n}.csv", hashes(n, 1))


@pytest.mark.parametrize(
    "situation",
    [
        busy, faulty, refused_token, no_secret, unreadable, crashing, without_rows, empty, marker,
        dead_lettered, delivered, absent, backlogged,
    ],
    ids=lambda situation: situation.__name__,
)  # fmt: skip
def test_ten_sweeps_in_a_row_add_no_message_and_cost_no_call(
    w: World, situation: Callable[[World], None]
) -> None:
    situation(w)
    w.sweep()
    messages, letters, calls = len(w.sqs.messages), len(w.sqs.dead), len(w.called())

    for _ in range(10):
        w.advance(60)
        w.sweep()

    assert (len(w.sqs.messages), len(w.sqs.dead)) == (messages, letters)
    if situation is not delivered:  # its outcome is asked for
        assert set(w.called()[calls:]) <= {"get"}
        assert len(w.called()) == calls


def test_two_sweeps_at_once_send_one_message(w: World) -> None:
    lost(w, KEY)

    def second(operation: str, key: str) -> None:
        if operation == "put" and key == "state/sweep.json":
            w.s3.before = lambda operation, key: None
            w.sweep()

    w.s3.before = second
    w.sweep()

    assert sent(w) == [KEY]


def test_sweep_that_is_killed_half_way_sends_nothing_twice_and_the_next_goes_on(
    w: World,
) -> None:
    keys = [f"tiktok/audience-{n}/email_sha256/a.csv" for n in range(4)]
    for key in keys:
        w.write(key, hashes(0, 5))
    w.advance(HOUR)
    count = [0]

    def die(operation: str) -> None:
        count[0] += operation == "send"
        if count[0] == 3:
            w.sqs.before = lambda operation: None
            raise Killed

    w.sqs.before = die
    with pytest.raises(Killed):
        w.sweep()
    w.app = w.new_app()
    w.sqs.messages = {i: m for i, m in w.sqs.messages.items() if "aws.s3" in m.body}
    half = sent(w)
    assert len(half) == 2
    w.sweep()
    assert sent(w) == half
    w.run()

    w.advance(HOUR)
    w.sweep()
    w.run()

    assert all(w.receipt(key) for key in keys)


def test_sweep_that_runs_out_of_time_is_gone_on_with_at_its_cursor(w: World) -> None:
    keys = [f"tiktok/audience-{n}/email_sha256/a.csv" for n in range(6)]
    for key in keys:
        w.write(key, hashes(0, 5))
    w.advance(HOUR)
    left = [900.0]

    def tick(operation: str, key: str) -> None:
        if operation == "list" and key.startswith("tiktok/audience-"):
            left[0] -= 400

    w.s3.before = tick
    w.remaining = lambda: left[0]
    w.restart = lambda: left.__setitem__(0, 900.0)
    found = []
    for _ in range(3):
        w.sweep()
        found.append(len(w.sqs.messages))

    assert found == [3, 6, 6]
    assert sent(w) == keys
    register = json.loads(w.s3.objects["state/sweep.json"].body)
    assert isinstance(register["cursor"], str)


UNSET = {
    "placeholder": {"ACCESS_TOKEN": "replace-with-your-tiktok-access-token", "ADVERTISER_ID": "1"},
    "empty token": {"ACCESS_TOKEN": "", "ADVERTISER_ID": "7000000000000000001"},
    "blank advertiser": {"ACCESS_TOKEN": "t", "ADVERTISER_ID": "  "},
}


@pytest.mark.parametrize("secret", UNSET.values(), ids=UNSET)
def test_sweep_while_credentials_are_missing_sends_and_asks_nothing_but_writes_status(
    w: World, secret: dict[str, str]
) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    lost(w, "tiktok/new/email_sha256/a.csv")
    w.secrets.put(**secret)
    w.app = w.new_app()
    calls = len(w.called())

    w.sweep()

    assert not w.sqs.messages
    assert len(w.called()) == calls
    status: Any = w.status("new")
    assert status["waiting"] == {"drops": 1, "for": "credentials", "until": None}
    assert w.status("foodies")
    assert "status/index.html" in w.s3.objects


def test_unreadable_secret_is_missing_and_a_token_that_tiktok_refuses_is_not(w: World) -> None:
    lost(w, KEY)
    w.secrets.error = client_error("AccessDeniedException")
    w.sweep()
    assert not w.sqs.messages
    w.secrets.error = None
    w.secrets.put(ACCESS_TOKEN="wrong", ADVERTISER_ID=w.sim.advertiser_id)
    w.app = w.new_app()

    w.sweep()

    assert sent(w) == [KEY]


@pytest.mark.parametrize("error", [client_error("SlowDown", 503), RuntimeError("a bug"), Killed()])
@pytest.mark.parametrize("place", ["list tiktok/", "put status/", "get state/", "put state/"])
def test_sweep_that_fails_is_done_and_the_next_one_finds_all(
    w: World, error: BaseException, place: str
) -> None:
    lost(w, KEY)
    operation, prefix = place.split()

    def fail(called: str, key: str) -> None:
        if called == operation and key.startswith(prefix):
            raise error

    w.s3.before = fail
    if isinstance(error, Killed):
        with pytest.raises(Killed):
            w.sweep()
        w.app = w.new_app()
        w.sqs.messages.clear()
    else:
        w.sweep()
    w.s3.before = lambda operation, key: None
    w.sqs.messages.clear()

    w.advance(HOUR)
    w.sweep()

    assert sent(w) == [KEY]


@pytest.mark.parametrize(
    "key", ["state/{}/foodies.json", "state/sweep.json", "status/foodies.json", "state/recent.json"]
)
def test_damaged_object_of_ours_does_not_keep_the_sweep_from_the_others(w: World, key: str) -> None:
    w.receive(w.drop(KEY, hashes(0, 5)))
    w.sweep()
    w.s3.store(key.format(w.sim.advertiser_id), b"{broken")
    lost(w, "tiktok/zebras/email_sha256/a.csv")

    w.sweep()

    assert sent(w) == ["tiktok/zebras/email_sha256/a.csv"]


def test_damaged_receipt_or_list_of_a_change_does_not_keep_the_sweep_from_the_others(
    w: World,
) -> None:
    w.sim.set_options(processing_seconds=HOUR)
    w.receive(w.drop(KEY, hashes(0, 5)))
    for key in list(w.s3.objects):
        if key.startswith(("receipts/", "state/changes/")):
            w.s3.store(key, b"{broken")
    w.advance(2 * HOUR)
    lost(w, "tiktok/zebras/email_sha256/a.csv")

    w.sweep()

    assert sent(w) == ["tiktok/zebras/email_sha256/a.csv"]


def test_what_died_with_all_its_receipts_is_finished_though_its_message_is_lost(
    w: World,
) -> None:
    w.sim.set_options(processing_seconds=HOUR)

    def die(operation: str, key: str) -> None:
        if operation == "put" and key.startswith("receipts/"):
            w.s3.after = lambda operation, key: None
            raise Killed

    message = w.drop(KEY, hashes(0, 5))
    w.s3.after = die
    with pytest.raises(Killed):
        w.receive(message)
    w.app = w.new_app()
    w.sqs.messages.clear()
    w.sweep()
    assert not sent(w), "its lease is in force"
    w.advance(2 * HOUR)
    calls = w.called("create")

    w.sweep()
    assert sent(w) == [KEY]
    w.run(hours=2)
    w.sweep()

    record = w.record("foodies")
    assert (record["lease"], record["accepted"]) == (None, None)
    assert w.called("create") == calls, "nothing is sent again"
    assert (w.receipt(KEY) or {})["outcome"]["state"] == "ready"
    assert not w.sqs.messages
