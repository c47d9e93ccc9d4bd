"""What is there when a run is over, read from the outside: TikTok, the bucket, queues and log."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from support.soak.faults import fails
from support.soak.fixtures import Before, failures
from support.soak.queues import DeadLetter
from support.soak.scenario import Scene

from local.emulator import Stack
from local.emulator.simulator import ADVERTISER_ID

Json = dict[str, Any]

_DEATH = re.compile(r"Worker process|Worker returned|timed out|Broken pipe|I/O operation on closed")
_SLICE = 10_000  # milliseconds; the emulator gives at most 10,000 lines an answer


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the verdict and the table are made from.

    `receipts` are by their own keys, `records` by audience; `failed` counts the TikTok calls that
    were made to fail, `deaths` the invocations that died or ran out of time, `errors` those that
    failed in another way, `bugs` the errors that the function logged.
    """

    audiences: list[Json]
    leaks: Mapping[str, int]
    calls: Mapping[str, Mapping[str, int]]
    failed: int
    receipts: Mapping[str, Json]
    records: Mapping[str, Json]
    letters: tuple[DeadLetter, ...]
    waiting: tuple[int, int, int]
    invocations: int
    deaths: int
    errors: tuple[str, ...]
    bugs: Counter[str]


def gather(scene: Scene, before: Before, rules: list[Json]) -> Evidence:
    """Read all that is there and was not before; `rules` are the faults with how often each hit."""
    control = scene.sandbox.tiktok.control
    state = control.call("state?ids=1")
    lines = [*_lines(scene.stack, before.at)]
    failed = failures(scene.sandbox)[before.failures :]
    return Evidence(
        audiences=state["advertisers"][ADVERTISER_ID],
        leaks=state["leaks"],
        calls=control.call("calls?since=999999999")["counts"],
        failed=sum(rule["took"] for rule in rules if fails(rule)),
        receipts=_objects(scene, "receipts/", but=before.objects),
        records=_objects(scene, f"state/{ADVERTISER_ID}/", but=before.objects),
        letters=tuple(scene.queues.letters),
        waiting=scene.queues.waiting(),
        invocations=sum(line.startswith("START RequestId") for line in lines),
        deaths=sum(_DEATH.search(why) is not None for why in failed),
        errors=tuple(why for why in failed if not _DEATH.search(why)),
        bugs=Counter(bug for bug in map(_bug, lines) if bug),
    )


def _objects(scene: Scene, prefix: str, *, but: frozenset[str]) -> dict[str, Json]:
    keys = [key for key in scene.stack.keys(prefix) if key not in but]
    return dict(zip(keys, scene.writers.map(scene.stack.read_json, keys), strict=True))


def _lines(stack: Stack, began_at: float) -> Iterator[str]:
    client = stack.clients.of("logs")
    for begin in range(int(began_at * 1000), int(time.time() * 1000) + 1, _SLICE):
        answer = client.filter_log_events(
            logGroupName=stack.outputs["LogGroupName"],
            startTime=begin,
            endTime=begin + _SLICE - 1,
        )
        yield from (event["message"] for event in answer["events"])


def _bug(line: str) -> str:
    """Return what a log line of the level ERROR says; empty for any other line."""
    if '"ERROR"' not in line or not line.startswith("{"):
        return ""
    entry: Json = json.loads(line)
    if entry["level"] != "ERROR":
        return ""
    where = " < ".join(map(str, entry.get("at", [])[-2:][::-1]))
    return f"{entry['message']}: {entry.get('error')} at {where}"
