"""`audiencectl dead-letters` and `redrive`: all of them, and hidden from nobody."""

import json

import pytest
from support.deployment_in_moto import Run, World

A, B = "tiktok/foodies/email_sha256/a.csv", "tiktok/foodies/email_sha256/b.csv"


def test_dead_letters_shows_all_and_leaves_them_to_be_seen(run: Run, world: World) -> None:
    for number in range(23):
        world.bury(f"tiktok/foodies/email_sha256/{number}.csv")

    first, second = run("dead-letters", "--json"), run("dead-letters", "--json")

    assert first.stdout == second.stdout
    letters = json.loads(first.stdout)["dead_letters"]
    assert len({letter["key"] for letter in letters}) == 23
    assert set(letters[0]) == {"key", "reason", "message", "sent_at"}
    assert len(world.messages(world.dead)) == 10


def test_dead_letters_screen_has_file_reason_and_sentence(run: Run, world: World) -> None:
    world.bury(A, "audience_stuck", "Delete it there.")

    output = run("dead-letters").output

    assert output.startswith(f"{A}\n  audience_stuck, since ")
    assert output.endswith("  Delete it there.\n1 dead letter.\n")


def test_dead_letters_of_eventbridge_and_of_sqs_are_told_apart(run: Run, world: World) -> None:
    world.sqs.send_message(
        QueueUrl=world.dead,
        MessageBody="no json",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value}
            for name, value in (
                ("RULE_ARN", "arn"),
                ("ERROR_CODE", "NO_PERMISSIONS"),
                ("ERROR_MESSAGE", "No key."),
            )
        },
    )
    world.sqs.send_message(QueueUrl=world.dead, MessageBody="[]")

    letters = json.loads(run("dead-letters", "--json").stdout)["dead_letters"]

    assert {letter["reason"] for letter in letters} == {"NO_PERMISSIONS", "moved_by_sqs"}
    assert {letter["key"] for letter in letters} == {None}


def test_dead_letters_none_is_said(run: Run, world: World) -> None:
    assert run("dead-letters").output == "No dead letters.\n"
    assert json.loads(run("dead-letters", "--json").stdout) == {"dead_letters": []}


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ([], set()),
        (["--reason", "bad_key"], {B}),
        (["--key", B], {A}),
        (["--reason", "bad_key", "--key", B], {A, B}),
    ],
)
def test_redrive_moves_what_is_asked_for_and_no_more(
    run: Run, world: World, options: list[str], left: set[str]
) -> None:
    world.bury(A, "bad_key")
    world.bury(B, "audience_stuck")

    result = run("redrive", *options, "--json")

    moved = world.messages(world.queue)
    assert json.loads(result.stdout) == {"redriven": 2 - len(left)}
    assert result.exit_code == (0 if moved else 1)
    dead = [json.loads(m["Body"])["detail"]["object"]["key"] for m in world.messages(world.dead)]
    assert set(dead) == left
    assert len(moved) == 2 - len(left)
    assert all("ErrorReason" in message["MessageAttributes"] for message in moved)


def test_redrive_of_nothing_is_done(run: Run, world: World) -> None:
    result = run("redrive")

    assert (result.exit_code, result.output) == (0, "No dead letters.\n")
