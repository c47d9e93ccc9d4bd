"""`python -m local.drop FILE`: drops a file into the demo that `make demo KEEP=1` left running."""

import argparse
import sys
import tempfile
from pathlib import Path

from local.demo.kept import running_demo
from local.emulator import SandboxError, Stack
from local.emulator.environment import confine
from local.emulator.waiting import WaitedTooLongError

WAIT_SECONDS = 20.0


def main(arguments: list[str] | None = None) -> int:
    """Put the file where the demo's function looks, wait for its receipt; give the exit code."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        confine(Path(home))
        try:
            _drop(running_demo().stack, options)
        except (SandboxError, OSError) as error:
            print(error)
            return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.drop", description=__doc__)
    parser.add_argument("file", type=Path, help="hashed identifiers, one a line")
    parser.add_argument("--audience", required=True, help="the name of the TikTok audience")
    parser.add_argument("--format", required=True, help="what was hashed, such as phone_sha256")
    return parser


def _drop(stack: Stack, options: argparse.Namespace) -> None:
    body = options.file.read_bytes()
    key = stack.drop(options.audience, options.format, body, name=options.file.name)
    print(f"Dropped at s3://{stack.bucket}/{key}")
    try:
        receipt = stack.awaited_receipt(key, seconds=WAIT_SECONDS)
    except WaitedTooLongError:
        print("It waits. Why: .venv/bin/python -m local.look waiting")
    else:
        print(f"{receipt['status']}. More: .venv/bin/python -m local.look receipts")


if __name__ == "__main__":
    sys.exit(main())
