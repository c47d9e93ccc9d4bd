"""`audiencectl credentials set|check`: TikTok's token and advertiser id, verified."""

import json
import sys

import click
from botocore.exceptions import ClientError

from audiencectl.errors import Refusal, WrongUse, code_of
from audiencectl.session import Session, deployment_options, emit, json_option, pass_session
from audiencectl.tiktok_account import Account, verify
from audiencectl.words import counted

_PLACEHOLDER = "replace-with-"
_UNREADABLE = (
    "The secret is not JSON with ACCESS_TOKEN and ADVERTISER_ID: `audiencectl credentials set`."
)

_SET = """\b
Examples:
  audiencectl credentials set
  printf '%s\\n%s\\n' "$TOKEN" "$ADVERTISER_ID" | audiencectl credentials set
  audiencectl --demo credentials set

\b
On a terminal both are asked for, the token without showing it; else they are the two lines of
standard input. They are never arguments, so neither the shell's history nor the process list has
them. Nothing is stored that TikTok does not take.
"""
_CHECK = """\b
Examples:
  audiencectl credentials check
  audiencectl --deployment staging credentials check

\b
Reads the secret and asks TikTok for the list of audiences. Whether the token may also change
audiences can't be tried without changing one.
"""


@click.group()
def credentials() -> None:
    """Set TikTok's access token and advertiser id, or check those that are set."""


@credentials.command("set", epilog=_SET)
@deployment_options
@json_option
@pass_session
def set_credentials(session: Session, as_json: bool) -> None:
    """Verify a token and an advertiser id with TikTok, then store them."""
    deployment = session.deployment
    url, secret = deployment.output("TikTokApiUrl"), deployment.output("SecretName")
    account = _given()
    audiences = verify(account, url)
    deployment.client("secretsmanager").put_secret_value(
        SecretId=secret,
        SecretString=json.dumps(
            {"ACCESS_TOKEN": account.token, "ADVERTISER_ID": account.advertiser_id}
        ),
    )
    _tell(account, audiences, "Stored", as_json)


@credentials.command("check", epilog=_CHECK)
@deployment_options
@json_option
@pass_session
def check_credentials(session: Session, as_json: bool) -> None:
    """Ask TikTok whether it takes the stored token and advertiser id."""
    deployment = session.deployment
    url, secret = deployment.output("TikTokApiUrl"), deployment.output("SecretName")
    client = deployment.client("secretsmanager")
    try:
        account = _stored(client, secret)
        audiences = verify(account, url)
    except Refusal as refusal:
        if as_json:
            emit({"ok": False, "message": refusal.message})
        raise
    _tell(account, audiences, "Good", as_json)


def _given() -> Account:
    if sys.stdin.isatty():
        token = click.prompt("Access token (not shown)", hide_input=True, err=True)
        advertiser = click.prompt("Advertiser id", err=True)
        return Account(str(token).strip(), str(advertiser).strip())
    lines = [line.strip() for line in sys.stdin.read().splitlines() if line.strip()]
    if len(lines) != 2:
        raise WrongUse("Standard input must hold two lines: the token, then the advertiser id.")
    return Account(*lines)


def _stored(client: object, name: str) -> Account:
    try:
        text = client.get_secret_value(SecretId=name)["SecretString"]  # type: ignore[attr-defined]
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
        raise Refusal("There is no such secret, or it has no value yet.") from None
    try:
        data = json.loads(text)
        token, advertiser = (str(data[k]).strip() for k in ("ACCESS_TOKEN", "ADVERTISER_ID"))
    except (ValueError, KeyError, TypeError):
        raise Refusal(_UNREADABLE) from None
    if token.startswith(_PLACEHOLDER) or advertiser.startswith(_PLACEHOLDER):
        raise Refusal("The secret still holds its placeholder: `audiencectl credentials set`.")
    return Account(token, advertiser)


def _tell(account: Account, audiences: int, word: str, as_json: bool) -> None:
    if as_json:
        emit({"ok": True, "advertiser_id": account.advertiser_id, "audiences": audiences})
        return
    click.echo(
        f"{word}: TikTok takes the token for advertiser {account.advertiser_id}, and shows "
        f"{counted(audiences, 'audience')}. The function uses it within five minutes."
    )
