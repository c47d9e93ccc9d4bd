"""The token and advertiser id in Secrets Manager, cached for five minutes at the most."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from audience_uploader.domain.outcomes import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CACHE_SECONDS = 300
PLACEHOLDER = "replace-with-"

_UNREADABLE = {
    "AccessDeniedException",
    "DecryptionFailure",
    "InvalidParameterException",
    "InvalidRequestException",
    "ResourceNotFoundException",
}


class CredentialsMissing(Exception):
    """The secret can't be read, is malformed, or still holds its placeholders."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What TikTok knows us by; never shown in a repr."""

    access_token: str = field(repr=False)
    advertiser_id: str


class CredentialStore:
    """Reads the secret `name`."""

    def __init__(self, client: "SecretsManagerClient", name: str) -> None:
        self._provider = SecretsProvider(boto3_client=client)
        self._name = name

    def get(self, *, fresh: bool = False) -> Credentials:
        """Return the credentials, at most five minutes old, or just read when `fresh`.

        What is missing in the cache is looked for past it, so that a secret that was just set
        counts at once.

        Raises CredentialsMissing when only a person can put the secret right, and Unavailable
        when Secrets Manager fails.
        """
        try:
            text = self._provider.get(self._name, max_age=CACHE_SECONDS, force_fetch=fresh)
        except GetParameterError as error:
            raise _reason(error.__context__) from None
        try:
            return _parsed(text)
        except CredentialsMissing:
            if fresh:
                raise
            return self.get(fresh=True)


def _reason(cause: BaseException | None) -> Exception:
    if not isinstance(cause, ClientError):
        return Unavailable("secretsmanager", type(cause).__name__)
    code = str(cause.response.get("Error", {}).get("Code", "unknown"))
    if code in _UNREADABLE:
        return CredentialsMissing(f"the secret can't be read ({code})")
    return Unavailable("secretsmanager", code)


def _parsed(text: object) -> Credentials:
    """Return the credentials; a byte order mark, blanks, or a number as the id are taken."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    try:
        data = json.loads(plain.strip().removeprefix("\ufeff"))
        values = [_text(name, data[name]) for name in ("ACCESS_TOKEN", "ADVERTISER_ID")]
    except ValueError:
        raise CredentialsMissing(
            "the secret is not JSON (names and values need double quotes around them)"
        ) from None
    except (KeyError, TypeError):
        raise CredentialsMissing(
            "the secret lacks ACCESS_TOKEN or ADVERTISER_ID (a JSON object with both is needed)"
        ) from None
    _check(*values)
    return Credentials(*values)


def _text(name: str, value: object) -> str:
    if value is None:
        raise CredentialsMissing(f"{name} in the secret is empty")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise CredentialsMissing(f"{name} in the secret is no text")
    return str(value).strip(_AROUND)


def _check(token: str, advertiser_id: str) -> None:
    for name, value in (("ACCESS_TOKEN", token), ("ADVERTISER_ID", advertiser_id)):
        if not value:
            raise CredentialsMissing(f"{name} in the secret is empty")
        if value.startswith(PLACEHOLDER):
            raise CredentialsMissing(f"{name} in the secret still holds its placeholder")
    if not _is_number(advertiser_id):
        swapped = " (are the two values swapped?)" if _is_number(token) else ""
        raise CredentialsMissing(f"ADVERTISER_ID in the secret is not a number{swapped}")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise CredentialsMissing("ACCESS_TOKEN in the secret holds blanks or unusual characters")


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal()


_AROUND = " \t\r\n\v\f\u00a0\u200b\ufeff\"'"
