"""`audiencectl explain`: the story of one file."""

import click

from audiencectl.dead_letter_queue import DeadLetterQueue
from audiencectl.deployment import Deployment
from audiencectl.errors import NO, WrongUse
from audiencectl.queues import figures
from audiencectl.session import Session, deployment_options, emit, json_option, pass_session
from audiencectl.store import Store
from audiencectl.story import ABSENT
from audiencectl.teller import Teller

_SETTLE_SECONDS, _SWEEP_MINUTES = 60.0, 60.0  # the defaults, where the function can't be asked

_EPILOG = """\b
Examples:
  audiencectl explain tiktok/foodies/email_sha256/a.csv
  audiencectl explain s3://my-bucket/tiktok/foodies/email_sha256/a.csv
  audiencectl explain tiktok/foodies/email_sha256/a.csv --json

\b
Exit code 1 if there is no such file and never was one with a receipt.
"""


@click.command(epilog=_EPILOG)
@click.argument("key")
@deployment_options
@json_option
@pass_session
def explain(session: Session, key: str, as_json: bool) -> None:
    """Tell the story of one file, by its KEY or its s3:// URL."""
    deployment = session.deployment
    key = _plain(key, deployment.bucket)
    with DeadLetterQueue.of(session).all() as letters:
        pass
    settle, sweep = _as_deployed(deployment)
    teller = Teller(Store(deployment), letters, figures(deployment), session.clock(), settle, sweep)
    story = teller.tell(key)
    if as_json:
        emit(story.to_json())
    else:
        click.echo("\n".join([key, *(f"  {text}" for text in story.sentences)]))
    if story.state == ABSENT and not story.dead_letters:
        raise SystemExit(NO)


def _plain(key: str, bucket: str) -> str:
    """Return the key of an s3:// URL, or the key itself."""
    if not key.startswith("s3://"):
        return key
    named, _, path = key.removeprefix("s3://").partition("/")
    if named != bucket:
        raise WrongUse(
            f"This deployment's bucket is {bucket}, not {named}. Another one: --deployment NAME."
        )
    return path


def _as_deployed(deployment: Deployment) -> tuple[float, float]:
    """Return settle_seconds and sweep_minutes as the function has them; else the defaults."""
    variables = deployment.variables
    try:
        return (
            float(variables.get("SETTLE_SECONDS", _SETTLE_SECONDS)),
            float(variables.get("SWEEP_MINUTES", _SWEEP_MINUTES)),
        )
    except ValueError:
        return _SETTLE_SECONDS, _SWEEP_MINUTES
