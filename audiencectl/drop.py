"""`audiencectl drop`: check files, upload them, and say what became of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from audiencectl.awaiting import Answer, await_drop
from audiencectl.check import format_option
from audiencectl.errors import NO, WrongUse
from audiencectl.refused_files import refused_files
from audiencectl.session import (
    Session,
    deployment_options,
    emit,
    json_option,
    pass_session,
    reading_bar,
)
from audiencectl.store import Listed, Store
from audiencectl.upload import APPEND, drop_key, upload

_FOR_RECEIPT, _FOR_OUTCOME = 900.0, 60 * 3600.0

_EPILOG = """\b
Examples:
  audiencectl drop hashed/email_sha256.csv --audience foodies --format email_sha256 --wait
  audiencectl drop optouts.csv --audience foodies --format email_sha256 --action remove
  audiencectl drop part-*.csv --audience foodies --format phone_sha256 --action replace --set nov
  audiencectl drop a.csv --audience foodies --format phone_sha256 --until ready

\b
Every file is checked first; if one would be refused, none is uploaded and the exit code is 1. With
--wait it is 1 too if a file was not delivered, with --until ready if the audience is not ready.
"""


@click.command(epilog=_EPILOG)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--audience", required=True, metavar="NAME", help="The TikTok audience's name.")
@format_option
@click.option(
    "--action",
    type=click.Choice(["append", "remove", "replace"], case_sensitive=False),
    default=APPEND,
    show_default=True,
    help="Add, take out, or be the whole audience.",
)
@click.option("--set", "set_name", metavar="NAME", help="Of --action replace: the set's name.")
@click.option("--wait", is_flag=True, help="Wait until the files are delivered or rejected.")
@click.option(
    "--until",
    type=click.Choice(["delivered", "ready"]),
    metavar="delivered|ready",
    help="Wait until then; ready is when TikTok has processed it.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait at the most (900; 60 h for ready).",
)
@deployment_options
@json_option
@pass_session
def drop(session: Session, /, files: Sequence[Path], as_json: bool, **options: Any) -> None:
    """Drop hashed files into a TikTok audience."""
    keys = _keys(files, options)
    if refused := refused_files(session, keys):
        _tell_refused(refused, as_json)
        raise SystemExit(NO)
    store = Store(session.deployment)
    dropped = [_upload(session, store, file, key) for key, file in keys.items()]
    if not as_json:
        for one in dropped:
            click.echo(f"Dropped at s3://{store.bucket}/{one['key']}")
    answers = _await(session, store, dropped, options)
    if as_json:
        drops = [_json(*pair) for pair in zip(dropped, answers, strict=True)]
        emit({"drops": drops, "refused": []})
    else:
        for answer in filter(None, answers):
            click.echo(answer.text)
    if any(answer and not answer.good for answer in answers):
        raise SystemExit(NO)


def _keys(files: Sequence[Path], options: dict[str, Any]) -> dict[str, Path]:
    where = (options["audience"], options["id_format"].lower(), options["action"].lower())
    keys = {drop_key(file, *where, options["set_name"]): file for file in files}
    if len(keys) < len(files):
        raise WrongUse("Two of the files have the same name: they would overwrite each other.")
    return keys


def _tell_refused(refused: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        emit({"drops": [], "refused": refused})
    for one in refused:
        click.echo("{file}: {reason}: {message}".format_map(one), err=True)
    click.echo("Nothing was uploaded.", err=True)


def _upload(session: Session, store: Store, file: Path, key: str) -> Listed:
    before = store.head(key)
    if before and store.receipt(key, before["etag"]) is None:
        click.echo(f"{key} was there and not delivered yet; this file takes its place.", err=True)
    with reading_bar(session, f"Uploading {file.name}", file.stat().st_size) as advance:
        upload(session.deployment, file, key, advance)
    now = store.head(key)
    if now is None:
        raise click.ClickException(f"{key} was deleted by somebody just after it was uploaded.")
    return now


def _await(
    session: Session, store: Store, dropped: Sequence[Listed], options: dict[str, Any]
) -> list[Answer | None]:
    if not (options["wait"] or options["until"]):
        return [None] * len(dropped)
    ready = options["until"] == "ready"
    timeout = options["timeout"]
    if timeout is None:
        timeout = _FOR_OUTCOME if ready else _FOR_RECEIPT
    end = session.clock() + timeout
    with session.progress.status("Waiting for TikTok"):
        return [
            await_drop(session, store, one, ready=ready, timeout=max(0.0, end - session.clock()))
            for one in dropped
        ]


def _json(one: Listed, answer: Answer | None) -> dict[str, Any]:
    return {
        "key": one["key"],
        "etag": one["etag"],
        "bytes": one["size"],
        "answer": answer.text if answer else None,
        "receipt": answer.receipt if answer else None,
    }
