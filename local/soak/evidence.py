"""What is there when a run is over, read from the outside: TikTok, the bucket, queues and files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.emulator.simulator import ADVERTISER_ID
from local.emulator.workers import workers
from local.soak.faults import fails, fault_name
from local.soak.happenings import Scene
from local.soak.logs import FunctionLog, read_log
from local.soak.mailbox import DeadLetter
from local.soak.surroundings import Before

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the verdict and the table are made from.

    `receipts` are by their own keys, `records` by audience; `left` are files of the function that
    still lie in its scratch space.
    """

    audiences: list[Json]
    leaks: Mapping[str, int]
    calls: Mapping[str, Mapping[str, int]]
    faults: Mapping[str, int]
    failed: int
    receipts: Mapping[str, Json]
    records: Mapping[str, Json]
    letters: tuple[DeadLetter, ...]
    waiting: tuple[int, int, int]
    left: tuple[str, ...]
    log: FunctionLog
    crashes: int
    errors: tuple[str, ...]


def gather(scene: Scene, before: Before) -> Evidence:
    """Read all that is there and was not before."""
    control = scene.ground.tiktok.control
    state, rules = control.call("state?ids=1"), control.call("faults")["faults"]
    return Evidence(
        audiences=state["advertisers"][ADVERTISER_ID],
        leaks=state["leaks"],
        calls=control.call("calls?since=999999999")["counts"],
        faults=_met(rules),
        failed=sum(rule["took"] for rule in rules if fails(rule)),
        receipts=_objects(scene, "receipts/", but=before.objects),
        records=_objects(scene, f"state/{ADVERTISER_ID}/", but=before.objects),
        letters=tuple(scene.mailbox.letters),
        waiting=scene.mailbox.waiting(),
        left=tuple(_left(scene)),
        log=read_log(scene.stack, began_at=before.at),
        crashes=scene.killer.crashes(),
        errors=tuple(scene.killer.errors()),
    )


def _met(rules: Sequence[Json]) -> Counter[str]:
    met: Counter[str] = Counter()
    for rule in rules:
        met[fault_name(rule)] += rule["took"]
    return +met


def _objects(scene: Scene, prefix: str, *, but: frozenset[str]) -> dict[str, Json]:
    keys = [key for key in scene.stack.keys(prefix) if key not in but]
    read: Executor = scene.writers
    return dict(zip(keys, read.map(scene.stack.read_json, keys), strict=True))


def _left(scene: Scene) -> list[str]:
    """Files of workers that are alive; with a dead one its whole sandbox would be gone."""
    scratch, alive = scene.ground.folder / "tmp", workers(scene.ground)
    files: list[Path] = [*scratch.glob("audience-uploader-*/*")]
    return [f.name for f in files if int(f.parent.name.split("-")[2]) in alive]
