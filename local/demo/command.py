"""The demo's command line: what it is asked for, and how it ends."""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.demo import story
from local.demo.kept import keep, kept_demo, the_only_one
from local.demo.steps import Steps
from local.demo.usage import how_to_use
from local.emulator import SandboxError, interrupts, processes
from local.emulator.environment import confine
from local.emulator.paths import RUNS

FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130
UNREAD = 141  # as a shell says it of a program whose output nobody reads any more
_HIGHEST_PORT = 65_535


def main(arguments: list[str] | None = None) -> int:
    """Run the demo, or stop one that was left running; give the exit code."""
    options = _parser().parse_args(arguments)
    for name in ("PORT", "TIKTOK_PORT"):
        given = vars(options)[name.lower()]
        if not given.isascii() or not given.isdigit() or int(given) > _HIGHEST_PORT:
            print(f"{name} must be a number from 0 (any free port) to {_HIGHEST_PORT}, not {given}")
            return WRONG_USE
    interrupts.raise_once()
    RUNS.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"demo-{os.getpid()}-", dir=RUNS))
    confine(folder / "home")
    code = _run(Steps(sys.stdout), folder, options)
    interrupts.ignore()
    _tidy(folder, keep_logs=code == FAILED)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=story.__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running at the end")
    parser.add_argument("--stop", action="store_true", help="stop what --keep left running")
    parser.add_argument("--port", default="0", help="the emulator's port (0: any free one)")
    parser.add_argument("--tiktok-port", default="0", help="the simulator's port, likewise")
    return parser


def _run(steps: Steps, folder: Path, options: argparse.Namespace) -> int:
    try:
        if options.stop:
            return _stop(steps)
        with ExitStack() as undo:
            if options.keep:
                undo.enter_context(the_only_one())
            _demo(steps, folder, options)
    except (SandboxError, BotoCoreError, ClientError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            return UNREAD
        steps.say(f"\nThe demo could not go on. {error}")
        if _has_logs(folder):
            steps.say(f"All logs are in {folder}")
        return FAILED
    except KeyboardInterrupt:
        steps.say("\nStopped. Nothing is left running.")
        return INTERRUPTED
    return 0


def _stop(steps: Steps) -> int:
    earlier = kept_demo()
    if earlier is None:
        steps.say("No demo is running.")
        return 0
    with steps.step("Stopping the demo"):
        earlier.stop()
    return 0


def _demo(steps: Steps, folder: Path, options: argparse.Namespace) -> None:
    with ExitStack() as undo:
        undo.callback(_stop_all, steps)
        ports = {"port": int(options.port), "tiktok_port": int(options.tiktok_port)}
        sandbox = story.begin(steps, folder, **ports)
        try:
            stack = story.Story(steps, sandbox).tell(to_the_end=not options.keep)
            if options.keep:
                interrupts.ignore()
                kept = keep(sandbox, stack, sandbox.context(story.CONTEXT))
                undo.pop_all()
                steps.say(f"Done in {steps.elapsed:.0f} s.\n{how_to_use(kept)}")
        except (SandboxError, BotoCoreError, ClientError, OSError):
            sandbox.require_running()  # a part that has ended is the reason to tell
            raise
    if not options.keep:
        steps.say(f"Done in {steps.elapsed:.0f} s.")


def _stop_all(steps: Steps) -> None:
    interrupts.ignore()
    try:
        if processes.started():
            with steps.step("Stopping everything that was started"):
                processes.stop_all()
    finally:
        processes.stop_all()  # also where nobody reads what is said


def _has_logs(folder: Path) -> bool:
    return any(folder.rglob("*.log"))


def _tidy(folder: Path, *, keep_logs: bool) -> None:
    """Remove the run's files, unless a kept demo lives in them or someone must read the logs."""
    kept = kept_demo()
    if not (keep_logs and _has_logs(folder)) and (kept is None or Path(kept.folder) != folder):
        shutil.rmtree(folder, ignore_errors=True)
