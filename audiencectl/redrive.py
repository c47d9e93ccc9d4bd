"""`audiencectl redrive`: dead letters back into the queue."""

from typing import Any

import click
from botocore.exceptions import ClientError

from audiencectl.dead_letter_queue import DeadLetterQueue
from audiencectl.errors import NO, Refusal, code_of
from audiencectl.session import Session, deployment_options, emit, json_option, pass_session
from audiencectl.words import counted

_EPILOG = """\b
Examples:
  audiencectl redrive
  audiencectl redrive --reason audience_stuck
  audiencectl redrive --key tiktok/foodies/email_sha256/a.csv

\b
First put right what `audiencectl dead-letters` says. Exit code 1 if nothing has that reason or key.
"""
# What an endpoint answers that does not know the call; AWS itself knows it.
_UNKNOWN_CALL = frozenset(
    {"InvalidAction", "UnknownOperationException", "UnknownOperation", "NotImplemented"}
    | {"AWS.SimpleQueueService.UnsupportedOperation", "UnsupportedOperation", "501", "404"}
)
_ASKED_AT_MOST = 120
_EVERY_SECONDS = 1.0


@click.command(epilog=_EPILOG)
@click.option("--reason", metavar="R", help="Only those with this reason.")
@click.option("--key", metavar="K", help="Only those about this file.")
@deployment_options
@json_option
@pass_session
def redrive(session: Session, reason: str | None, key: str | None, as_json: bool) -> None:
    """Put dead letters back into the queue, so that their files are tried again."""
    chosen = reason is not None or key is not None
    moved = None if chosen else _move_all(session)
    if moved is None:
        moved = _move_one_by_one(session, reason, key)
    if as_json:
        emit({"redriven": moved})
    elif moved:
        click.echo(f"{counted(moved, 'message')} put back into the queue.")
    else:
        click.echo("No dead letter is like that." if chosen else "No dead letters.")
    if chosen and not moved:
        raise SystemExit(NO)


def _move_one_by_one(session: Session, reason: str | None, key: str | None) -> int:
    deployment, queue = session.deployment, DeadLetterQueue.of(session)
    with queue.all() as letters:
        wanted = [
            letter
            for letter in letters
            if reason in (None, letter.reason) and key in (None, letter.key)
        ]
        for letter in wanted:
            queue.put_back(letter, deployment.output("QueueUrl"))
    return len(wanted)


def _move_all(session: Session) -> int | None:
    """Move all as AWS does it; None where the endpoint does not know how."""
    deployment = session.deployment
    sqs = deployment.client("sqs")
    source = _arn(sqs, deployment.output("DeadLetterQueueUrl"))
    target = _arn(sqs, deployment.output("QueueUrl"))
    try:
        sqs.start_message_move_task(SourceArn=source, DestinationArn=target)
    except ClientError as error:
        if code_of(error) in _UNKNOWN_CALL:
            return None
        raise
    except NotImplementedError:  # an emulator in this process
        return None
    return _moved(session, sqs, source)


def _moved(session: Session, sqs: Any, source: str) -> int:
    """Wait for the move task and return how many messages it moved; raises Refusal if it failed."""
    for _ in range(_ASKED_AT_MOST):
        task = (sqs.list_message_move_tasks(SourceArn=source).get("Results") or [{}])[0]
        if task.get("Status") not in ("RUNNING", None):
            break
        session.sleep(_EVERY_SECONDS)
    if task.get("Status") in ("RUNNING", None):
        click.echo("SQS is still moving messages, and goes on by itself.", err=True)
    if task.get("Status") == "FAILED":
        raise Refusal(
            f"SQS could not move them all: {task.get('FailureReason', 'no reason given')}."
        )
    return int(task.get("ApproximateNumberOfMessagesMoved", 0))


def _arn(sqs: Any, url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])
