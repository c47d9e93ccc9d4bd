"""What every command shares: the deployment, the terminal, the clock; and the options for them."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from audiencectl.deployment import Deployment

F = TypeVar("F", bound=Callable[..., Any])
_NAME = re.compile(r"[a-z0-9-]{1,20}")


@dataclass
class Session:
    """One run of the tool; `clock` gives seconds since the epoch."""

    deployment: Deployment = field(default_factory=Deployment)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    long_poll_seconds: int = 1

    @property
    def screen(self) -> Console:
        """Standard output as a console: colour on a terminal only, no wrapping into a pipe."""
        return console(sys.stdout)

    @property
    def progress(self) -> Console:
        """Standard error as a console."""
        return console(sys.stderr)


def console(stream: Any) -> Console:
    """Return a console that never guesses at markup or highlights in other people's words."""
    terminal = stream.isatty()
    return Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=not terminal,
        width=None if terminal else 100,
        force_terminal=None if terminal else False,
    )


def emit(value: Any) -> None:
    """Print one JSON value, and nothing else."""
    click.echo(json.dumps(value, indent=1, ensure_ascii=False))


def _into_session(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def keep(context: click.Context, _: click.Parameter, value: Any) -> Any:
        if value:
            setattr(context.ensure_object(Session).deployment, name, value)
        return value

    return keep


def _named(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _NAME.fullmatch(value):
        raise click.BadParameter("a name has 1 to 20 of a-z, 0-9 and -, such as staging.")
    return str(_into_session("name")(context, parameter, value)) if value else None


def deployment_options(command: F) -> F:
    """Add --deployment and --demo, which may stand before the command or after it."""
    command = click.option(
        "--demo",
        is_flag=True,
        expose_value=False,
        callback=_into_session("demo"),
        help="Work on the demo that `make demo KEEP=1` left running.",
    )(command)
    return click.option(
        "--deployment",
        metavar="NAME",
        expose_value=False,
        callback=_named,
        help="Work on the deployment of this name (context key deployment_name).",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
pass_session = click.make_pass_decorator(Session, ensure=True)


@contextmanager
def reading_bar(session: Session, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that tells of bytes done, shown as a bar on standard error of a terminal."""
    shown = session.progress
    with Progress(
        TextColumn(what),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=shown,
        transient=True,
        disable=not shown.is_terminal,
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.advance(task, done)
