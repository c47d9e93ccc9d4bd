"""`audiencectl redrive`: by SQS itself where it can, message by message where not, none lost."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner
from support.deployment_in_moto import Clock, Run, World

from audiencectl.cli import main
from audiencectl.dead_letter_queue import DeadLetterQueue
from audiencectl.session import Session

A, B = "tiktok/foodies/email_sha256/a.csv", "tiktok/foodies/email_sha256/b.csv"


class MovesByItself:
    """SQS with its own move of a whole queue; all other calls go to `real`."""

    def __init__(self, real: Any, *states: dict[str, Any]) -> None:
        self._real = real
        self._states = list(states)
        self.started: list[dict[str, str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def start_message_move_task(self, **where: str) -> dict[str, Any]:
        self.started.append(where)
        return {"TaskHandle": "1"}

    def list_message_move_tasks(self, **_: str) -> dict[str, Any]:
        return {"Results": [self._states.pop(0) if self._states[1:] else self._states[0]]}


class DiesAtDelete:
    """SQS to a process that is killed just before it deletes."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def delete_message(self, **_: str) -> None:
        raise KeyboardInterrupt


def keys(world: World, url: str) -> list[str]:
    return [json.loads(m["Body"])["detail"]["object"]["key"] for m in world.messages(url)]


@pytest.fixture
def session(world: World, clock: Clock) -> Session:
    made = Session(clock=clock, sleep=clock.sleep, long_poll_seconds=0)
    made.deployment.clients["cloudformation"] = world.cloudformation
    return made


def redriven(session: Session, *arguments: str) -> Any:
    return CliRunner().invoke(main, ["redrive", *arguments], obj=session)


def test_redrive_of_all_is_left_to_sqs_and_waited_for(world: World, session: Session) -> None:
    done = {"Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": 1200}
    sqs = MovesByItself(world.sqs, {"Status": "RUNNING"}, {"Status": "RUNNING"}, done)
    session.deployment.clients["sqs"] = sqs

    result = redriven(session)

    assert (result.exit_code, result.output) == (0, "1,200 messages put back into the queue.\n")
    assert sqs.started[0]["SourceArn"].endswith(":dead")
    assert sqs.started[0]["DestinationArn"].endswith(":queue")


def test_redrive_that_sqs_could_not_finish_is_exit_1(world: World, session: Session) -> None:
    failed = {"Status": "FAILED", "FailureReason": "AWS.SimpleQueueService.AccessDenied"}
    session.deployment.clients["sqs"] = MovesByItself(world.sqs, failed)

    result = redriven(session)

    assert result.exit_code == 1
    assert "AccessDenied" in result.output


def test_redrive_that_takes_sqs_long_says_that_it_goes_on(world: World, session: Session) -> None:
    running = {"Status": "RUNNING", "ApproximateNumberOfMessagesMoved": 90_000}
    session.deployment.clients["sqs"] = MovesByItself(world.sqs, running)

    result = redriven(session)

    assert result.exit_code == 0
    assert "goes on by itself" in result.stderr
    assert result.stdout == "90,000 messages put back into the queue.\n"


def test_redrive_killed_on_its_way_loses_nothing(world: World, session: Session) -> None:
    world.bury(A)
    dead = DeadLetterQueue(DiesAtDelete(world.sqs), world.dead, wait_seconds=0)

    with pytest.raises(KeyboardInterrupt), dead.all() as letters:
        dead.put_back(letters[0], world.queue)

    assert keys(world, world.queue) == [A]
    assert keys(world, world.dead) == [A]


def test_redrive_of_more_than_one_answer_holds_moves_all(run: Run, world: World) -> None:
    for number in range(23):
        world.bury(f"tiktok/foodies/email_sha256/{number}.csv", "bad_key")
    world.bury(B, "audience_stuck")

    result = run("redrive", "--reason", "bad_key", "--json")

    assert json.loads(result.stdout) == {"redriven": 23}
    assert keys(world, world.dead) == [B]


def test_redrive_without_the_right_names_the_permission(world: World, session: Session) -> None:
    class Refuses(DiesAtDelete):
        def receive_message(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "ReceiveMessage")

    world.bury(A)
    session.deployment.clients["sqs"] = Refuses(world.sqs)

    result = redriven(session, "--key", A)

    assert result.exit_code == 1
    assert "the permission sqs:ReceiveMessage on the dead-letter queue" in result.output
