"""Every command of docs/operations.md, as it stands there.

The tests tell one story on a kept demo, in the order of the document.
"""

from datetime import UTC, datetime, timedelta

import pytest
from support.invented import csv, ids
from support.practice import Practice, assert_all_practised, practises

from local.emulator.simulator import ACCESS_TOKEN, ADVERTISER_ID
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e

FOLDER = "tiktok/foodies/phone_sha256"
KEY = f"{FOLDER}/phone_sha256.csv"
PEOPLE = "".join(f"07400 {number:06d}\n" for number in range(2500))


def foodies(practice: Practice) -> list[str]:
    (audience,) = practice.tiktok.named("foodies", ids=True)
    found: list[str] = audience["ids"]
    return found


def test_every_block_of_the_document_is_practised_here() -> None:
    assert_all_practised("operations")


@practises("operations", "Bring a list into an audience", 1)
def test_list_becomes_an_audience(practice: Practice) -> None:
    practice.write("customers.csv", f"phone\n{PEOPLE}".encode())

    told = practice.run("operations", "Bring a list into an audience")

    assert "This file would be sent." in told
    assert "Delivered: 2,500 ids added to the audience foodies" in told
    assert len(foodies(practice)) == 2500


@practises("operations", "What happened to my file", 1)
def test_status_and_explain_tell_of_it(practice: Practice) -> None:
    told = practice.run("operations", "What happened to my file")

    assert told.count("foodies") >= 3
    assert f"{KEY}\n  The file is there" in told
    assert "Delivered: 2,500 ids" in told


@practises("operations", "A dead letter", 1)
def test_dead_letters_go_back(practice: Practice) -> None:
    wrong, twice = f"{FOLDER}/wrong.csv", "tiktok/twice/phone_sha256/a.csv"
    seeded = {"name": "twice", "calculate_type": "PHONE_SHA256", "count": 2, "same_name": True}
    found = practice.tiktok.call("audiences", {**seeded, "size": 2000})["ids"]
    practice.stack.put(wrong, b"0207 123 4567\n")
    practice.stack.put(twice, csv(ids("twice", 50)))
    reasons = {wrong: "no_valid_rows", twice: "several_audiences"}
    wait_for(lambda: practice.dead == reasons, "both dead letters", seconds=60)
    practice.tiktok.call(f"audiences/{found[0]}", method="DELETE")
    practice.stack.put(wrong, csv(ids("right", 50)))

    told = practice.run("operations", "A dead letter")

    assert told.count("1 message put back into the queue.") == 2
    assert {practice.delivered(key)["status"] for key in reasons} == {"delivered"}
    assert practice.dead == {}


@practises("operations", "Take people out, replace an audience", 1, 2)
def test_people_are_taken_out_and_the_audience_replaced(practice: Practice) -> None:
    section, known = "Take people out, replace an audience", foodies(practice)
    practice.write("optouts.csv", csv(known[:200]))
    practice.write("november.csv", csv(known[200:2500]))

    told = practice.run("operations", section)

    assert "Delivered: 200 ids taken out of the audience foodies" in told
    assert foodies(practice) == known[200:2500]
    smaller = f"{FOLDER}/replace/2026-11/november.csv"
    practice.stack.put(smaller, csv(known[200:1250]))
    wait_for(lambda: practice.dead == {smaller: "shrinks_too_much"}, "the guard", seconds=60)
    practice.run("operations", section, 2)
    wait_for(lambda: foodies(practice) == known[200:1250], "the smaller set", seconds=60)


@practises("operations", "Credentials", 1)
def test_credentials_are_rotated(practice: Practice) -> None:
    practice.stack.set_credentials(token="revoked")
    key = practice.stack.put("tiktok/waits/phone_sha256/a.csv", csv(ids("waits", 1200)))

    told = practice.run("operations", "Credentials", stdin=f"{ACCESS_TOKEN}\n{ADVERTISER_ID}\n")

    assert told.startswith("Stored: TikTok takes the token")
    assert "\nGood: " in told
    assert ACCESS_TOKEN not in told
    assert practice.delivered(key)["audience_name"] == "waits"


@practises("operations", "Sweep at once, announce again", 1)
def test_sweep_finds_what_no_event_told_of(practice: Practice) -> None:
    names = [rule["Name"] for rule in practice.clients.of("events").list_rules()["Rules"]]
    (rule,) = (name for name in names if "DropRule" in name)
    practice.clients.of("events").disable_rule(Name=rule)
    lost = practice.stack.put("tiktok/lost/phone_sha256/a.csv", csv(ids("lost", 1200)))
    practice.clients.of("events").enable_rule(Name=rule)
    # A sweep leaves a file alone until a quarter of an hour has passed: 3 s with this base delay.
    written = practice.clients.s3.head_object(Bucket=practice.stack.bucket, Key=lost)
    old = written["LastModified"] + timedelta(seconds=4)
    wait_for(lambda: datetime.now(UTC) > old, "the file to be old enough", seconds=10)

    practice.run("operations", "Sweep at once, announce again")

    assert practice.delivered(lost)["audience_name"] == "lost"


@practises("operations", "Pause and resume", 1)
def test_paused_function_takes_nothing_and_resumed_it_does(practice: Practice) -> None:
    paused = practice.run("operations", "Pause and resume", lines=2)
    resumed = practice.run("operations", "Pause and resume")

    assert '"State": "Disabl' in paused
    assert '"State": "Enabl' in resumed
    key = practice.stack.put("tiktok/resumed/phone_sha256/a.csv", csv(ids("resumed", 1200)))
    assert practice.delivered(key)


@practises("operations", "First deploy, upgrade, clean up, come back", 1)
def test_stack_goes_and_comes_back_with_the_token_that_it_had(practice: Practice) -> None:
    section = "First deploy, upgrade, clean up, come back"
    practice.run("operations", section, lines=1)
    gone = practice.shell("audiencectl status")
    assert "was the stack destroyed?" in gone.stderr, gone.stdout

    back = practice.shell(practice.block("operations", section).partition("\n")[2])

    assert back.returncode == 0, back.stdout + back.stderr
    # A scheduled sweep may have come already, with its state and its page.
    assert practice.stack.keys("tiktok/") == practice.stack.keys("receipts/") == []
    key = practice.stack.put("tiktok/back/phone_sha256/a.csv", csv(ids("back", 1200)))
    assert practice.delivered(key)["audience_name"] == "back"
