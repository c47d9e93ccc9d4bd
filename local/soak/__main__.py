"""`python -m local.soak`: see `make help`."""

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.emulator import Sandbox, SandboxError, interrupts
from local.emulator.environment import confine
from local.emulator.paths import RUNS
from local.soak.run import Soaked, soak
from local.soak.scale import CONTEXT, LONG, SHORT, Scale

ABOUT = """\
Deploys the real template into an emulator, with the TikTok simulator behind it, writes drops in
bursts while TikTok fails, throttles and stays busy, has the function sweep, and then counts what
arrived. Everything is drawn from the seed.
Exits with 0 only if every id of every good drop is in exactly one audience of the right name,
nothing else is, each bad drop is in the dead-letter queue once with its reason, each drop has its
receipt, with what TikTok made of it, and nothing is left over."""


def main() -> int:
    """Run a soak; give the exit code."""
    scale = _scale()
    interrupts.raise_once()
    RUNS.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="soak-", dir=RUNS))
    confine(folder / "home")
    try:
        soaked = _soaked(folder, scale)
    except (SandboxError, BotoCoreError, ClientError, OSError) as error:
        print(f"\nThe soak could not go on. {error}\nThe logs are in {folder}")
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left running.")
        return 130
    print("\n".join(["", *soaked.table, "", *(f"  WRONG: {p}" for p in soaked.problems)]))
    if soaked.problems:
        print(f"  Something was lost, doubled or left. The logs are in {folder}")
        return 1
    print("  Nothing lost, nothing doubled.")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _scale() -> Scale:
    parser = argparse.ArgumentParser(
        prog="python -m local.soak",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="the form that `make test` runs")
    parser.add_argument("--seed", type=int, help=f"what everything is drawn from ({LONG.seed})")
    asked = parser.parse_args()
    scale = SHORT if asked.short else LONG
    seed = scale.seed if asked.seed is None else asked.seed
    return replace(scale, seed=seed)


def _soaked(folder: Path, scale: Scale) -> Soaked:
    with Sandbox.opened(folder) as sandbox:
        print("Deploying the real template into the emulator", flush=True)
        sandbox.cdk.bootstrap()
        stack = sandbox.deploy(CONTEXT)
        stack.set_credentials()
        return soak(sandbox, stack, scale, lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
