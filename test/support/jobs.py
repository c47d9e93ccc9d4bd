"""Jobs for the deployed function, each of which needs some permission of its role."""

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.invented import csv, ids

from local.emulator.simulator import Control
from local.emulator.stack import Stack
from local.emulator.waiting import wait_for

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_NUMBERS = itertools.count(1)
_ROWS = 1000  # the least for an audience that takes edits
_SECONDS = 120.0
_QUIET = 5.0  # seconds; longer than a drop's event may take, at the tests' base delay


@dataclass(frozen=True, slots=True)
class Employer:
    """Gives a deployed function work, and looks how often it has run.

    One job at a time: any run that ended after a job was given has tried that job.
    """

    stack: Stack
    tiktok: Control

    @property
    def runs(self) -> int:
        """How many runs of the function have ended."""
        return self.lines_with("END RequestId")

    def lines_with(self, text: str) -> int:
        """Count the lines of the function's log that hold this text."""
        return sum(text in line for line in self.stack.log_lines())

    def drop(self) -> str:
        """Put a good file into a new audience's folder and give its key."""
        name = f"job {next(_NUMBERS)}"
        return self.stack.drop(name, "phone_sha256", csv(ids(name, _ROWS)))


@dataclass(frozen=True, slots=True)
class Work:
    """Something that the function was given to do, and how to see that it is done."""

    runs_before: int
    done: Callable[[], bool]


Job = Callable[[Employer], Work]


def deliver(employer: Employer) -> Work:
    """Deliver a file: done when its receipt is written."""
    before, key = employer.runs, employer.drop()
    return Work(before, lambda: employer.stack.receipt(key) is not None)


def deliver_by_a_new_token(employer: Employer) -> Work:
    """Deliver a file after the token was changed; a warm function has to read the secret again."""
    token = f"token-{next(_NUMBERS)}"
    employer.tiktok.set_options(token=token)
    employer.stack.set_credentials(token=token)
    return deliver(employer)


def deliver_again_after_redrive(employer: Employer) -> Work:
    """Deliver a file whose message was redriven: done when it has another receipt."""
    stack, key = employer.stack, employer.drop()
    first = stack.awaited_receipt(key, seconds=_SECONDS)
    letter = _dead_letter_about(stack, key)
    before = employer.runs
    stack.redrive(letter)
    return Work(before, lambda: stack.receipt(key) not in (None, first))


def dead_letter(employer: Employer) -> Work:
    """Dead-letter a file whose format is unknown: done when the message is there."""
    before, stack = employer.runs, employer.stack
    key = stack.put(f"tiktok/job/shoe_size/{next(_NUMBERS)}.csv", csv(ids("shoe", 3)))
    return Work(before, lambda: _letter(stack, key) is not None)


def sweep(employer: Employer) -> Work:
    """Sweep: done when the status page is written anew, whatever state the last sweep left."""
    stack = employer.stack
    stack.put("state/sweep.json", b"damaged")
    before, page = employer.runs, _written_at(stack, "status/index.html")
    stack.sweep()
    return Work(before, lambda: _written_at(stack, "status/index.html") not in (None, page))


def announce(employer: Employer) -> Work:
    """Sweep over a file that no message tells of: done when it has a receipt again."""
    stack, key = employer.stack, employer.drop()
    stack.awaited_receipt(key, seconds=_SECONDS)
    quiet = time.monotonic() + _QUIET
    for item in stack.clients.s3.list_objects_v2(Bucket=stack.bucket, Prefix=f"receipts/{key}/")[
        "Contents"
    ]:
        stack.clients.s3.delete_object(Bucket=stack.bucket, Key=item["Key"])
    wait_for(lambda: time.monotonic() > quiet, "the file to be old enough", seconds=_SECONDS)
    before = employer.runs
    stack.sweep()
    return Work(before, lambda: stack.receipt(key) is not None)


def _written_at(stack: Stack, key: str) -> float | None:
    found = stack.clients.s3.list_objects_v2(Bucket=stack.bucket, Prefix=key).get("Contents", [])
    return found[0]["LastModified"].timestamp() if found else None


def retry_later(employer: Employer) -> Work:
    """Retry a file while TikTok fails: done when the message was told when to come back."""
    before, retried = employer.runs, employer.lines_with('"message will be retried"')
    fault = {"endpoint": "upload", "kind": "http", "value": 500, "times": 3}
    employer.tiktok.call("faults", [fault])
    employer.drop()
    return Work(before, lambda: employer.lines_with('"message will be retried"') > retried)


def _dead_letter_about(stack: Stack, key: str) -> "MessageTypeDef":
    """Put a message about a file into the dead-letter queue by hand, and receive it."""
    detail = {"bucket": {"name": stack.bucket}, "object": {"key": key, "size": 65 * _ROWS}}
    event = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    event["replay-name"] = "again"
    stack.clients.sqs.send_message(
        QueueUrl=stack.dead_letter_queue_url,
        MessageBody=json.dumps(event),
        MessageAttributes={"ErrorReason": {"DataType": "String", "StringValue": "by hand"}},
    )
    return wait_for(lambda: _letter(stack, key), "the dead letter", seconds=_SECONDS)


def _letter(stack: Stack, key: str) -> "MessageTypeDef | None":
    return next((m for m in stack.dead_letters() if f'"{key}"' in m["Body"]), None)
