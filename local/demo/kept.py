"""Remembers a demo that was left running, so that other commands find it and can stop it."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from local.emulator import Sandbox, SandboxError, Stack
from local.emulator.clients import Clients
from local.emulator.paths import RUNS
from local.emulator.processes import stop_group

RECORD = RUNS / "demo.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A demo left running: where its parts answer, and the processes they are."""

    folder: str
    emulator_url: str
    emulator_pid: int
    tiktok_url: str
    tiktok_pid: int
    outputs: Mapping[str, str]

    @property
    def stack(self) -> Stack:
        """The stack deployed in it."""
        return Stack(self.outputs, Clients(self.emulator_url))

    @property
    def running(self) -> bool:
        """Whether both parts still answer, which also shows that the process ids are theirs."""
        return all(_answers(url) for _, url in self._parts())

    def stop(self) -> None:
        """End both parts and remove their files."""
        if self.running:
            for pid, url in self._parts():
                # Where nobody reaps orphans its process id stays; that it answers does not.
                stop_group(pid, partial(_is_silent, url))
        shutil.rmtree(self.folder, ignore_errors=True)
        RECORD.unlink(missing_ok=True)

    def _parts(self) -> list[tuple[int, str]]:
        return [
            (self.emulator_pid, f"{self.emulator_url}/_ministack/health"),
            (self.tiktok_pid, f"{self.tiktok_url}/_control/state"),
        ]


def keep(sandbox: Sandbox, stack: Stack) -> Kept:
    """Write down a running sandbox and give the record."""
    kept = Kept(
        folder=str(sandbox.folder),
        emulator_url=sandbox.emulator.url,
        emulator_pid=sandbox.emulator.background.pid,
        tiktok_url=sandbox.tiktok.url,
        tiktok_pid=sandbox.tiktok.background.pid,
        outputs=dict(stack.outputs),
    )
    RECORD.write_text(json.dumps(asdict(kept), indent=1), "utf-8")
    return kept


def kept_demo(record: Path = RECORD) -> Kept | None:
    """Give the demo that was left running, or None if there is no record of one."""
    try:
        return Kept(**json.loads(record.read_text("utf-8")))
    except FileNotFoundError:
        return None


def running_demo() -> Kept:
    """Give the demo that is running now; raises SandboxError if there is none."""
    kept = kept_demo()
    if kept is None or not kept.running:
        raise SandboxError("No demo is running. Start one with `make demo KEEP=1`.")
    return kept


def _answers(url: str, *, within: float = 5.0) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=within) as answer:
            return bool(answer.read())
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _is_silent(url: str) -> bool:
    return not _answers(url, within=0.5)
