"""`python -m local.soak`: see `make help`."""

import argparse
import shutil
import signal
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local.emulator import Ground, GroundError, Stack
from local.emulator.environment import confine
from local.emulator.paths import RUNS
from local.soak.scale import CONTEXT, LONG, SHORT, Scale
from local.soak.soaking import Soaked, soak

FAILED = 1
INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

ABOUT = """\
Deploys the real template into an emulator, with the TikTok simulator behind it, writes drops in
bursts while TikTok fails, throttles, stays busy and refuses the token, functions are killed and
events come twice, and then counts what arrived. Everything is drawn from the seed.
Exits with 0 only if every id of every good drop is in exactly one audience of the right name,
nothing else is, each bad drop is in the dead-letter queue once with its reason, each drop has its
receipt, and nothing is left over."""

_HELP = {
    "drops": "good drops",
    "audiences": "audiences they go to",
    "seed": "what everything is drawn from",
    "minutes": "all must be done by then",
    "spread": "seconds within which the drops are written",
    "poison": "bad drops on top",
    "crashes": "functions killed at work",
    "fault_rate": "share of TikTok calls that fail",
    "duplicates": "share of events delivered twice",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a soak; give the exit code."""
    scale = _scale(_parser(), arguments)
    RUNS.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="soak-", dir=RUNS))
    confine(folder / "home")
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    code = _run(folder, scale)
    if code == FAILED:
        print(f"The logs are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.soak",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="the form that `make test` runs")
    for size in fields(Scale):
        default = getattr(LONG, size.name)
        parser.add_argument(
            f"--{size.name.replace('_', '-')}",
            type=type(default),
            metavar="N",
            help=f"{_HELP[size.name]} ({default})",
        )
    return parser


def _scale(parser: argparse.ArgumentParser, arguments: list[str] | None) -> Scale:
    options = parser.parse_args(arguments)
    given = {s.name: getattr(options, s.name) for s in fields(Scale)}
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return replace(SHORT if options.short else LONG, **chosen)
    except ValueError as error:
        parser.error(str(error))


def _run(folder: Path, scale: Scale) -> int:
    try:
        with Ground.opened(folder) as ground:
            return _told(soak(ground, _deployed(ground), scale, _say))
    except (GroundError, BotoCoreError, ClientError, OSError) as error:
        print(f"\nThe soak could not go on. {error}")
        return FAILED
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left running.")
        return INTERRUPTED


def _deployed(ground: Ground) -> Stack:
    _say("Deploying the real template into the emulator")
    ground.cdk.bootstrap()
    stack = ground.deploy(CONTEXT)
    stack.set_credentials()
    return stack


def _told(soaked: Soaked) -> int:
    _say("\n" + "\n".join(soaked.table) + "\n")
    for problem in soaked.problems:
        _say(f"  WRONG: {problem}")
    _say(
        "  Something was lost, doubled or left."
        if soaked.problems
        else "  Nothing lost, nothing doubled."
    )
    return FAILED if soaked.problems else 0


def _say(line: str) -> None:
    print(line, flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # One is enough: a second must not cut the clean-up short.
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
