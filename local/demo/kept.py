"""Remembers a demo that was left running, so that other commands find it and can stop it."""

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from local.emulator import Sandbox, SandboxError, Stack
from local.emulator.clients import Clients
from local.emulator.ministack import HEALTH as EMULATOR_HEALTH
from local.emulator.paths import RUNS
from local.emulator.processes import stop_group
from local.emulator.sandbox import STACK, restore_bucket_tag
from local.emulator.service import answers
from local.emulator.simulator import HEALTH as TIKTOK_HEALTH

RECORD = RUNS / "demo.json"
_STARTING = "Another demo with KEEP=1 is starting, and only one can be kept."
_RUNNING = "A demo with KEEP=1 is running. Stop it first: make stop"


@dataclass(frozen=True, slots=True)
class Kept:
    """A demo left running: where its parts answer, the processes they are, and its settings."""

    folder: str
    emulator_url: str
    emulator_pid: int
    tiktok_url: str
    tiktok_pid: int
    outputs: Mapping[str, str]
    context: Mapping[str, object]

    @property
    def stack(self) -> Stack:
        """The stack deployed in it."""
        return Stack(self.outputs, Clients(self.emulator_url))

    @property
    def running(self) -> bool:
        """Whether both parts still answer."""
        return all(answers(url) for _, url in self._parts())

    def stop(self) -> None:
        """End the parts that answer, which shows that the process ids are theirs; remove files."""
        for pid, url in self._parts():
            if answers(url):
                # Where nobody reaps orphans its process id stays; that it answers does not.
                stop_group(pid, lambda url=url: not answers(url, seconds=0.5))  # type: ignore[misc]
        shutil.rmtree(self.folder, ignore_errors=True)
        RECORD.unlink(missing_ok=True)

    def _parts(self) -> list[tuple[int, str]]:
        return [
            (self.emulator_pid, self.emulator_url + EMULATOR_HEALTH),
            (self.tiktok_pid, self.tiktok_url + TIKTOK_HEALTH),
        ]

    def written(self) -> "Kept":
        """Write the record."""
        RECORD.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        return self

    def deployed_again(self) -> None:
        """Take over the outputs of a stack that was deployed anew, and give its bucket the tag."""
        stacks = self.stack.clients.of("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        outputs = {found["OutputKey"]: found["OutputValue"] for found in stacks[0]["Outputs"]}
        restore_bucket_tag(replace(self, outputs=outputs).written().stack)


def keep(sandbox: Sandbox, stack: Stack, context: Mapping[str, object]) -> Kept:
    """Write down a running sandbox and give the record."""
    restore_bucket_tag(stack)
    return Kept(
        folder=str(sandbox.folder),
        emulator_url=sandbox.emulator.url,
        emulator_pid=sandbox.emulator.background.pid,
        tiktok_url=sandbox.tiktok.url,
        tiktok_pid=sandbox.tiktok.background.pid,
        outputs=dict(stack.outputs),
        context=dict(context),
    ).written()


def kept_demo() -> Kept | None:
    """Give the demo that was left running, or None if there is no record of one."""
    try:
        return Kept(**{"context": {}, **json.loads(RECORD.read_text("utf-8"))})
    except FileNotFoundError:
        return None


def running_demo() -> Kept:
    """Give the demo that is running now; raises SandboxError if there is none."""
    kept = kept_demo()
    if kept is None or not kept.running:
        raise SandboxError("No demo is running. Start one with `make demo KEEP=1`.")
    return kept


@contextmanager
def the_only_one() -> Iterator[None]:
    """Hold the one place for a kept demo; raises SandboxError if another one has it, or runs.

    What an earlier one has left of itself is stopped and removed.
    """
    with (RUNS / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SandboxError(_STARTING) from None
        if earlier := kept_demo():
            if earlier.running:
                raise SandboxError(_RUNNING)
            earlier.stop()
        yield
