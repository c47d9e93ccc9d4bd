"""The token and advertiser id in Secrets Manager, cached for five minutes at the most."""

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from audience_uploader.domain.outcomes import Unavailable
from audience_uploader.domain.times import Clock

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
    """Reads the secret `name`; `clock` gives seconds.

    Not by powertools' parameters, which import boto3 and so add a tenth to every cold start.
    """

    def __init__(
        self, client: "SecretsManagerClient", name: str, *, clock: Clock = time.time
    ) -> None:
        self._client = client
        self._name = name
        self._clock = clock
        self._kept: str | bytes | None = None
        self._kept_until = 0.0

    def get(self, *, fresh: bool = False) -> Credentials:
        """Return the credentials, at most five minutes old, or just read when `fresh`.

        What is missing in the cache is looked for past it, so that a secret that was just set
        counts at once.

        Raises CredentialsMissing when only a person can put the secret right, and Unavailable
        when Secrets Manager fails.
        """
        if fresh or self._kept is None or self._clock() >= self._kept_until:
            self._kept = self._read()
            self._kept_until = self._clock() + CACHE_SECONDS
        try:
            return _parsed(self._kept)
        except CredentialsMissing:
            if fresh:
                raise
            return self.get(fresh=True)

    def _read(self) -> str | bytes:
        try:
            answer = self._client.get_secret_value(SecretId=self._name)
        except ClientError as error:
            raise _reason(error) from None
        except BotoCoreError as error:
            raise Unavailable("secretsmanager", type(error).__name__) from None
        return answer.get("SecretBinary") or answer.get("SecretString", "")


def _reason(error: ClientError) -> Exception:
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    if code in _UNREADABLE:
        return CredentialsMissing(f"the secret can't be read ({code})")
    return Unavailable("secretsmanager", code)


def _parsed(text: str | bytes) -> Credentials:
    """Return the credentials; a byte order mark, blanks, or a number as the id are taken."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
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
