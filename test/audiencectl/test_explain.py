"""`audiencectl explain`: one story for each place where a file can stand."""

import json
from typing import Any

import pytest
from audience_uploader.domain.times import iso
from support.deployment_in_moto import NOW, Clock, Run, World

KEY = "tiktok/foodies/email_sha256/a.csv"


def story(run: Run, key: str = KEY) -> dict[str, Any]:
    result = run("explain", key, "--json")
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads(result.stdout)
    return {**data, "text": " ".join(data["story"])}


def test_explain_file_that_never_was_is_exit_1(run: Run, world: World) -> None:
    result = run("explain", KEY)

    assert result.exit_code == 1
    assert "There is no file at this key now." in result.output


@pytest.mark.parametrize(
    ("key", "body", "state", "words"),
    [
        ("tiktok/foodies/email_sha256/_SUCCESS", b"x", "skipped", "companion"),
        (KEY, b"", "skipped", "it is empty"),
        ("tiktok/orphan.csv", b"x", "bad_key", "refused (bad_key)"),
        ("tiktok/foodies/emails/a.csv", b"x", "bad_key", "unknown_format"),
    ],
)
def test_explain_file_that_is_no_drop_says_why(
    run: Run, world: World, key: str, body: bytes, state: str, words: str
) -> None:
    world.put(key, body)

    told = story(run, key)

    assert told["state"] == state
    assert words in told["text"]


def test_explain_new_file_settles(run: Run, world: World, clock: Clock) -> None:
    world.put(KEY, b"x")
    clock.now = world.s3.head_object(Bucket="people", Key=KEY)["LastModified"].timestamp() + 5

    assert story(run)["state"] == "settling"


def test_explain_file_that_nothing_is_known_of_names_the_sweep(
    run: Run, world: World, clock: Clock
) -> None:
    world.put(KEY, b"x")
    there = world.s3.head_object(Bucket="people", Key=KEY)["LastModified"].timestamp()
    clock.now = there + 3600

    told = story(run)

    assert told["state"] == "announced"
    assert "The sweep finds it within about 75 min." in told["text"]


def test_explain_waiting_file_says_why_since_and_until(run: Run, world: World) -> None:
    etag = world.put(KEY, b"x")
    note = {
        "status": "waiting",
        "waits_for": "rate_limited",
        "waiting_since": iso(NOW - 7200),
        "next_try_at": iso(NOW + 600),
        "code": 40100,
    }
    world.put(f"state/waiting/{KEY}/{etag}.json", note)

    told = story(run)

    assert told["state"] == "waiting"
    assert "(2 h ago): TikTok takes no more calls for the moment" in told["text"]
    assert "Next try: 2026-11-18 11:16 UTC (in 10 min)." in told["text"]


def test_explain_waiting_known_from_the_record_alone(run: Run, world: World) -> None:
    world.put(KEY, b"x")
    wait = {"kind": "unreadable", "count": 1, "since": iso(NOW - 60), "not_before": iso(NOW + 60)}
    lease = {"owner": "o", "expires_at": iso(NOW + 900), "drop": KEY}
    world.put("state/7000/foodies.json", {"drop_waits": {KEY: wait}, "lease": lease})

    told = story(run)

    assert told["state"] == "waiting"
    assert "The function works on the audience now" in told["text"]
    assert "This file waits" in told["text"]


def test_explain_delivered_file_tells_audience_and_outcome(run: Run, world: World) -> None:
    etag = world.put(KEY, b"x")
    receipt = {
        "status": "delivered",
        "action": "append",
        "audience_name": "foodies",
        "audience_id": "71",
        "rows": {"valid": 5, "rejected": {"blank": {"count": 1, "first_lines": [3]}}},
        "times": {"accepted_at": iso(NOW - 60)},
        "warnings": ["Mind this."],
        "outcome": {"state": "too_small", "size": 12, "at": iso(NOW)},
    }
    world.put(f"receipts/{KEY}/{etag}.json", receipt)

    told = story(run, f"s3://people/{KEY}")

    assert told["state"] == "delivered"
    for words in (
        "5 ids added to the audience foodies",
        "Left out, blank: 1 (line 3)",
        "Mind this.",
        "fewer than 1,000 people",
    ):
        assert words in told["text"]


def test_explain_rejected_and_dead_file_says_what_to_do(run: Run, world: World) -> None:
    etag = world.put(KEY, b"x")
    world.put(
        f"receipts/{KEY}/{etag}.json",
        {"status": "rejected", "reason": "audience_stuck", "message": "Delete the audience."},
    )
    world.bury(KEY, "audience_stuck", "Delete the audience.")

    result = run("explain", KEY)

    assert "Rejected (audience_stuck): Delete the audience." in result.output
    assert result.output.count("Delete the audience.") == 1
    assert f"audiencectl redrive --key '{KEY}'" in result.output
    assert len(world.messages(world.dead)) == 1


def test_explain_superseded_file_names_the_set(run: Run, world: World) -> None:
    etag = world.put(KEY, b"x")
    world.put(f"receipts/{KEY}/{etag}.json", {"status": "superseded", "superseded_by": "nov"})

    assert "the newer set nov stands in its place" in story(run)["text"]


def test_explain_overwritten_file_tells_of_the_older_version(run: Run, world: World) -> None:
    world.put(f"receipts/{KEY}/0ld.json", {"status": "delivered"})
    world.put(KEY, b"new")

    assert "1 older version of it had a receipt before." in story(run)["text"]


def test_explain_deleted_file_tells_what_became_of_it(run: Run, world: World) -> None:
    world.put(f"receipts/{KEY}/0ld.json", {"status": "delivered", "audience_name": "foodies"})

    told = story(run)

    assert told["state"] == "delivered"
    assert "There was one." in told["text"]


def test_explain_url_of_another_bucket_is_wrong_use(run: Run, world: World) -> None:
    assert run("explain", f"s3://else/{KEY}").exit_code == 2
