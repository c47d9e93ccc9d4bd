"""`make soak`; for its options: `PYTHONPATH=test python -m support.soak --help`."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import click
from botocore.exceptions import BotoCoreError, ClientError
from support.soak.run import Soaked, soak
from support.soak.scale import CONTEXT, LONG, SHORT, Scale

from local.emulator import Sandbox, SandboxError, interrupts
from local.emulator.environment import confine
from local.emulator.paths import RUNS


@click.command()
@click.option("--short", is_flag=True, help="The form that `make test` runs.")
@click.option("--seed", type=int, help=f"What everything is drawn from ({LONG.seed}).")
def main(short: bool, seed: int | None) -> None:
    """Soak the deployed stack, and count what arrived.

    Deploys the real template into an emulator, with the TikTok simulator behind it, writes drops in
    bursts while TikTok fails, throttles and stays busy, has the function sweep, and then counts
    what arrived. Everything is drawn from the seed.

    Exits with 0 only if every id of every good drop is in exactly one audience of the right name,
    nothing else is, each bad drop is in the dead-letter queue once with its reason, each drop has
    its receipt, with what TikTok made of it, and nothing is left over.
    """
    scale = SHORT if short else LONG
    interrupts.raise_once()
    RUNS.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="soak-", dir=RUNS))
    confine(folder / "home")
    raise SystemExit(_told(folder, scale if seed is None else replace(scale, seed=seed)))


def _told(folder: Path, scale: Scale) -> int:
    """Run it and tell how it ended; give the exit code."""
    try:
        soaked = _soaked(folder, scale)
    except (SandboxError, BotoCoreError, ClientError, OSError) as error:
        click.echo(f"\nThe soak could not go on. {error}\nThe logs are in {folder}")
        return 1
    except KeyboardInterrupt:
        click.echo("\nStopped. Nothing is left running.")
        return 130
    click.echo("\n".join(["", *soaked.table, "", *(f"  WRONG: {p}" for p in soaked.problems)]))
    if soaked.problems:
        click.echo(f"  Something was lost, doubled or left. The logs are in {folder}")
        return 1
    click.echo("  Nothing lost, nothing doubled.")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _soaked(folder: Path, scale: Scale) -> Soaked:
    with Sandbox.opened(folder) as sandbox:
        click.echo("Deploying the real template into the emulator")
        sandbox.cdk.bootstrap()
        stack = sandbox.deploy(CONTEXT)
        stack.set_credentials()
        return soak(sandbox, stack, scale, click.echo)


if __name__ == "__main__":
    main()
