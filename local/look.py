"""`python -m local.look WHAT`: shows what is in the demo that `make demo KEEP=1` left running."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from local.demo.kept import Kept, running_demo
from local.emulator import SandboxError
from local.emulator.environment import confine
from local.emulator.simulator import Control


def audiences(demo: Kept) -> Iterator[str]:
    """Give a line per audience at TikTok."""
    for audience in Control(demo.tiktok_url).audiences():
        size, id_type = f"{audience['size']:,} ids", audience["calculate_type"]
        yield f"{audience['id']}  {id_type}  {size:>15}  {audience['name']}"


def receipts(demo: Kept) -> Iterator[str]:
    """Give every receipt, as stored."""
    for key in demo.stack.keys("receipts/"):
        yield f"{key}\n{json.dumps(demo.stack.read_json(key), indent=2)}"


def waiting(demo: Kept) -> Iterator[str]:
    """Give the drops that have no receipt yet, each with why it waits if that is known."""
    stack = demo.stack
    for key in stack.keys("tiktok/"):
        if not stack.receipts(key):
            notes = [stack.read_json(note) for note in stack.keys(f"state/waiting/{key}/")]
            yield "\n".join([key, *(json.dumps(note, indent=2) for note in notes)])


def dead_letters(demo: Kept) -> Iterator[str]:
    """Give reason, explanation and body of the messages in the dead-letter queue."""
    for message in demo.stack.dead_letters(wait_seconds=1):
        attributes = message.get("MessageAttributes", {})
        told = [f"{name}: {value['StringValue']}" for name, value in attributes.items()]
        yield "\n  ".join([*told, message["Body"]])


def logs(demo: Kept) -> Iterator[str]:
    """Give the function's log, oldest line first."""
    yield from demo.stack.log_lines()


_SHOWN: dict[str, Callable[[Kept], Iterator[str]]] = {
    "audiences": audiences,
    "receipts": receipts,
    "waiting": waiting,
    "dead-letters": dead_letters,
    "logs": logs,
}


def main(arguments: list[str] | None = None) -> int:
    """Print what was asked for; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.look", description=__doc__)
    parser.add_argument("what", choices=_SHOWN)
    chosen = parser.parse_args(arguments).what
    with tempfile.TemporaryDirectory() as home:
        confine(Path(home))
        try:
            print("\n".join(_SHOWN[chosen](running_demo())) or "Nothing.")
        except SandboxError as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
