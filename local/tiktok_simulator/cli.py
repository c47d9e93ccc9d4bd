"""The command line: one option per field of `Options`, and a help text that tells the rest."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import fields

from local.tiktok_simulator.help_text import ABOUT, CONTROL
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.simulator import Simulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs until SIGINT or SIGTERM; gives the exit status."""
    chosen = vars(_parser().parse_args(arguments))
    host, port = chosen.pop("host"), chosen.pop("port")
    try:
        simulator = Simulator(host=host, port=port, **chosen)
    except (OSError, OverflowError, ValueError) as error:
        print(f"TikTok simulator: can't start on {host}:{port}: {error}", file=sys.stderr)
        return 2
    asked = _stop_signal()
    with simulator:
        print(f"TikTok simulator: {simulator.url}", flush=True)
        asked.wait()
    return 0


def _stop_signal() -> threading.Event:
    """Set by SIGINT or SIGTERM; asked for before the address is told, so that none is missed."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    return asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.tiktok_simulator",
        usage="%(prog)s [option ...]",
        description=ABOUT,
        epilog=CONTROL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--port", default=0, type=int, help="0 takes a free one (%(default)s)")
    options = Options().as_json()
    for option in fields(Options):
        default = options[option.name]
        about, choices = option.metadata["about"], option.metadata["choices"]
        words = f" [{' | '.join(map(str, choices))}]" if choices else ""
        parser.add_argument(
            f"--{option.name.replace('_', '-')}",
            default=default,
            type=_reader(default),
            metavar=type(default).__name__.upper(),
            help=f"{about}{words} ({_shown(default)})",
        )
    return parser


def _shown(default: object) -> str:
    if isinstance(default, list):
        return ",".join(map(str, default))
    return str(default).lower() if isinstance(default, bool) else str(default)


def _reader(default: object) -> Callable[[str], object]:
    if isinstance(default, list):
        each = type(default[0])
        return lambda text: [each(part) for part in text.split(",") if part]
    return _truth if isinstance(default, bool) else type(default)


def _truth(text: str) -> bool:
    truths = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in truths:
        raise argparse.ArgumentTypeError("must be true or false")
    return truths[text.lower()]
