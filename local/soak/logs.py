"""What the function said: counts of its log lines, read in slices of time."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from local.emulator import Stack

_SLICE = 10_000  # milliseconds; the emulator gives at most 10,000 lines an answer
_RETRIED = {"ServerFault", "RateLimited"}
_GAVE_UP = {"transient", "rate_limited", "create_unanswered"}


@dataclass(slots=True)
class FunctionLog:
    """Counts: invocations, parked messages by kind, retried calls, and what should not be there."""

    invocations: int = 0
    parked: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    crashes_found: int = 0
    unavailable: Counter[str] = field(default_factory=Counter)
    bugs: Counter[str] = field(default_factory=Counter)


def read_log(stack: Stack, *, began_at: float) -> FunctionLog:
    """Give the counts of all that was logged since `began_at`, in seconds since the epoch."""
    log = FunctionLog()
    failed: Counter[str] = Counter()
    gave_up: dict[str, bool] = defaultdict(bool)
    for line in _lines(stack, began_at):
        if line.startswith("START RequestId"):
            log.invocations += 1
            continue
        entry = _entry(line)
        invocation = str(entry.get("function_request_id"))
        # The metrics' lines name the error too.
        failed[invocation] += entry.get("message") == "call to TikTok failed" and (
            entry["error"] in _RETRIED
        )
        gave_up[invocation] |= entry.get("waits_for") in _GAVE_UP
        _count(log, entry)
    # Of the failed calls of an invocation that gave up, the last was not tried again.
    log.retries = sum(max(0, n - gave_up[i]) for i, n in failed.items())
    return log


def _count(log: FunctionLog, entry: dict[str, Any]) -> None:
    match entry.get("message"):
        case "message parked":
            log.parked[entry["waits_for"]] += 1
        case "an earlier invocation died":
            log.crashes_found += 1
        case "AWS service unavailable":
            log.unavailable[f"{entry['service_called']} {entry['error']}"] += 1
        case "unexpected error":
            log.bugs[f"{entry['error']} at {' < '.join(entry['at'][-2:][::-1])}"] += 1


def _lines(stack: Stack, began_at: float) -> Iterator[str]:
    client = stack.clients.of("logs")
    start, end = int(began_at * 1000), int(time.time() * 1000)
    for begin in range(start, end + 1, _SLICE):
        answer = client.filter_log_events(
            logGroupName=stack.outputs["LogGroupName"],
            startTime=begin,
            endTime=begin + _SLICE - 1,
        )
        yield from (event["message"] for event in answer["events"])


def _entry(line: str) -> dict[str, Any]:
    if not line.startswith("{"):
        return {}
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return found
