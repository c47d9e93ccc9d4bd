"""The command line: one option per field of `Options`, and a help text that tells all."""

import argparse
import json
import signal
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import fields

from local.tiktok_simulator.editing import EDITABLE, ORDERS, SEED_FIELDS
from local.tiktok_simulator.faults import ENDPOINTS, KINDS
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.simulator import Simulator

_SEED = ", ".join(f"{name} {json.dumps(value)}" for name, value in SEED_FIELDS.items())


def _wrapped(text: str, *, indent: int, first: str = "") -> str:
    """Return the text in lines of 100; the first one begins with `first`, padded to the indent."""
    blank = " " * indent
    return textwrap.fill(text, 100, initial_indent=first.ljust(indent), subsequent_indent=blank)


_KINDS = "\n".join(_wrapped(text, indent=17, first=f"    {kind}") for kind, text in KINDS.items())
ABOUT = """\
A stand-in for the audience endpoints of TikTok's API for Business v1.3, for tests and demos.
It listens on loopback only, keeps everything in memory and prints its address when it is ready.

The API is at /open_api/v1.3/dmp/custom_audience/{file/upload,create,update,list,get,delete}/
(the last slash belongs to it), with the header Access-Token. As with the real one, nearly every
refusal is HTTP 200 with a `code` in the body. A new audience is_valid=false until it is processed;
with --processing-seconds 0 that is at once. Files hold one hash a line, without a header."""

CONTROL = f"""\
control API (JSON, no token), below /_control/:
  GET    state            advertisers -> audiences: id, name, type, calculate_type, is_valid,
                          status, cover_num, size (of the set of ids accepted so far),
                          applied_size (of the set it holds now), error_msg, ...
                          state?ids=1 adds both sets, sorted. leaks: lines that were no hash
  GET    calls            every call: endpoint, code, http_status, file size and rows, name,
                          action, ...; counts per endpoint and answer; faults met, by kind
                          calls?endpoint=create&since=<number>
  DELETE calls            forgets them
  GET    uploads          every accepted file: size, rows, unmatched_rows, raw_emails, md5, ...
  GET    uploads/<file_path>   its exact bytes (option keep_uploads)
  GET    options          all options;  PATCH options {{"floor": 0, "qps": 10}}  changes some
  POST   audiences        makes audiences that are there already, one object or a list of them;
{_wrapped("fields and defaults: " + _SEED, indent=26)}
                          is_creator false makes a shared-in one, another advertiser_id a foreign
                          one; `size` adds so many random ids; `count` makes so many, numbered
                          unless same_name; `editor` is who made it (a person: any other name
                          than open_api). Answers {{"ids": [...]}}
  GET    audiences/<id>   one audience with its ids
  PATCH  audiences/<id>   changes it behind the API's back:
{_wrapped(", ".join([*EDITABLE, *ORDERS]), indent=26)}
                          is_valid true/false/null (null: as it is by itself again), expire true,
                          finish true (what is processed is done now), fail "text" (it fails
                          now), processing_seconds N (busy so long), ids [...] (its ids now),
                          editor "Jane" (with any change: that person made it; it stands in the
                          history and counts as a modification, as a rename in Ads Manager does)
  DELETE audiences/<id>   deletes it, as a person does in Ads Manager
  POST   clock            {{"advance_seconds": 172800}} puts the clock forward; with
                          {{"freeze": true}} it stands still but for that, until a reset
  GET    faults           the rules in force and how often each was met
  POST   faults           adds rules, one object or a list of them:
                          {{"endpoint": "create", "kind": "cut_after", "times": 1}}
                          {{"kind": "http", "value": 502, "probability": 0.2, "seed": 7}}
  DELETE faults           everything works again
  POST   reset            as new

faults: a rule has an `endpoint` (* or {", ".join(ENDPOINTS)}),
  a `kind`, a `value`, and `times` (how many calls it hits; else all), `skip` (how many it lets
  pass first), `probability` with `seed` (the same calls are hit in every run). `effect` says
  whether the call does its work all the same: false for code and http unless it is set, true
  for the rest (a cut's name says it). Of the rules that spoil the answer the first one that hits
  counts; slow, fails_later and left_out leave the answer as it is and go with any other.
  kinds:
{_KINDS}

example:
  python -m local.tiktok_simulator --port 8080 --processing-seconds 5 --floor 0 &
  curl -s http://127.0.0.1:8080/_control/state
  curl -s -X POST http://127.0.0.1:8080/_control/faults \\
       -d '{{"endpoint": "list", "kind": "code", "value": 50000, "times": 3}}'
  curl -s -X POST http://127.0.0.1:8080/_control/faults \\
       -d '{{"kind": "fails_later", "message": "Matching failed.", "times": 1}}'
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; return the exit status."""
    chosen = vars(_parser().parse_args(arguments))
    host, port = chosen.pop("host"), chosen.pop("port")
    try:
        simulator = Simulator(host=host, port=port, **chosen)
    except (OSError, OverflowError, ValueError) as error:
        print(f"TikTok simulator: can't start on {host}:{port}: {error}", file=sys.stderr)
        return 2
    # Held back in all threads before the address is told, so that none is missed.
    ends = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with simulator:
        print(f"TikTok simulator: {simulator.url}", flush=True)
        signal.sigwait(ends)
    return 0


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
        shown = ",".join(map(str, default)) if isinstance(default, list) else json.dumps(default)
        words = f" [{' | '.join(map(str, choices))}]" if choices else ""
        parser.add_argument(
            f"--{option.name.replace('_', '-')}",
            default=default,
            type=_reader(default),
            metavar=type(default).__name__.upper(),
            help=f"{about}{words} ({shown})",
        )
    return parser


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
