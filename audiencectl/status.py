"""`audiencectl status`: which audiences there are, how large, what waits and why."""

import click
from audience_uploader.domain.drop import version_key
from rich.console import RenderableType
from rich.live import Live

from audiencectl.audiences import all_audiences, one_audience
from audiencectl.errors import Refusal, WrongUse
from audiencectl.queues import figures
from audiencectl.session import Session, deployment_options, emit, json_option, pass_session
from audiencectl.status_screen import Drops, detail, overview
from audiencectl.store import Store

_SHOWN = 20

_EPILOG = """\b
Examples:
  audiencectl status
  audiencectl status foodies
  audiencectl status --watch
  audiencectl status --json

\b
TikTok is asked about once an hour; its processing takes up to 48 hours. About one file:
audiencectl explain KEY
"""


@click.command(epilog=_EPILOG)
@click.argument("audience", required=False)
@click.option("--watch", is_flag=True, help="Keep it on the screen, fresh, until Ctrl-C.")
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: how often to read.",
)
@deployment_options
@json_option
@pass_session
def status(
    session: Session, audience: str | None, watch: bool, every: float, as_json: bool
) -> None:
    """Show all audiences with state, size, what waits and why; or one with its files."""
    if watch and (as_json or not session.screen.is_terminal):
        raise WrongUse("--watch is for a terminal, and goes without --json.")
    store = Store(session.deployment)
    if as_json:
        _emit(store, audience)
    elif watch:
        _keep_fresh(session, store, audience, every)
    else:
        session.screen.print(_screen(session, store, audience))


def _emit(store: Store, audience: str | None) -> None:
    """Print the status objects; of an audience that is not there none, before it is refused."""
    if audience is None:
        emit({"audiences": all_audiences(store)})
        return
    try:
        found = _one(store, audience)
    except Refusal:
        emit({"audiences": []})
        raise
    emit({"audiences": [found]})


def _keep_fresh(session: Session, store: Store, audience: str | None, every: float) -> None:
    first = _screen(session, store, audience)
    with Live(first, console=session.screen, auto_refresh=False) as live:
        try:
            while True:
                session.sleep(every)
                live.update(_screen(session, store, audience), refresh=True)
        except KeyboardInterrupt:
            return


def _screen(session: Session, store: Store, audience: str | None) -> RenderableType:
    if audience is None:
        return overview(all_audiences(store), figures(session.deployment).sentence())
    found = _one(store, audience)
    drops, more = _newest(store, audience)
    return detail(found, drops, more, session.clock())


def _one(store: Store, audience: str) -> dict[str, object]:
    found = one_audience(store, audience)
    if found is None:
        names = [str(known.get("audience_name")) for known in all_audiences(store)]
        there = f" There are: {', '.join(names[:_SHOWN])}." if names else " There are none yet."
        raise Refusal(f"Nothing is known of an audience {audience!r}.{there}")
    return found


def _newest(store: Store, audience: str) -> tuple[Drops, int]:
    files = [item for item in store.listing(f"tiktok/{audience}/") if item["size"]]
    files.sort(key=lambda item: item["modified"], reverse=True)
    shown = files[:_SHOWN]
    receipts = store.jsons(version_key("receipts", (i["key"], i["etag"])) for i in shown)
    return list(zip(shown, receipts, strict=True)), len(files) - len(shown)
