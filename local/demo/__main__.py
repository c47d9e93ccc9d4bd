"""`python -m local.demo`: see `make help`."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local.demo import kept, story
from local.demo.steps import Steps
from local.emulator import SandboxError
from local.emulator.environment import confine
from local.emulator.paths import RUNS

FAILED = 1
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the demo, or stop one that was left running; give the exit code."""
    options = _parser().parse_args(arguments)
    RUNS.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=RUNS))
    confine(folder / "home")
    _end_orderly_on_signals()
    code = _run(Steps(sys.stdout), folder, options)
    _tidy(folder, keep_logs=code == FAILED)
    return code


def _run(steps: Steps, folder: Path, options: argparse.Namespace) -> int:
    try:
        return _stop(steps) if options.stop else _demo(steps, folder, options)
    except (SandboxError, BotoCoreError, ClientError, OSError) as error:
        steps.say(f"\nThe demo could not go on. {error}")
        return FAILED
    except KeyboardInterrupt:
        steps.say("\nStopped. Nothing is left running.")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=story.__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running at the end")
    parser.add_argument("--stop", action="store_true", help="stop what --keep left running")
    parser.add_argument("--port", type=int, default=0, help="the emulator's port (0: any free one)")
    parser.add_argument("--tiktok-port", type=int, default=0, help="the simulator's port, likewise")
    return parser


def _demo(steps: Steps, folder: Path, options: argparse.Namespace) -> int:
    earlier = kept.kept_demo()
    if options.keep and earlier and earlier.running:
        raise SandboxError("A demo is still running. Stop it first with `make stop`.")
    ports = {"port": options.port, "tiktok_port": options.tiktok_port}
    story.tell(steps, folder, stay=options.keep, **ports)
    steps.say(f"Done in {steps.elapsed:.0f} s.")
    return 0


def _stop(steps: Steps) -> int:
    earlier = kept.kept_demo()
    if earlier is None:
        steps.say("No demo is running.")
        return 0
    with steps.step("Stopping the demo"):
        earlier.stop()
    return 0


def _end_orderly_on_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # One is enough: a second must not cut the clean-up short.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _tidy(folder: Path, *, keep_logs: bool) -> None:
    """Remove the run's files, unless a kept demo lives in them or someone must read the logs."""
    earlier = kept.kept_demo()
    has_logs = keep_logs and any(folder.rglob("*.log"))
    if not has_logs and (earlier is None or Path(earlier.folder) != folder):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
