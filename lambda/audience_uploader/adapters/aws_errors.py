"""How AWS failures look to the rest of the code: one exception, without names of objects in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from urllib3.exceptions import HTTPError

from audience_uploader.domain.outcomes import Unavailable


class PreconditionFailed(Exception):
    """S3 refused a conditional request: the object is not in the state that was asked for."""


class ObjectNotFound(Exception):
    """There is no such object."""


_CONDITION = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}
_ABSENT = {"NoSuchKey", "404", "NotFound"}


@contextmanager
def calling(service: str) -> Iterator[None]:
    """Turns what boto3 raises inside into ObjectNotFound, PreconditionFailed or Unavailable."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in _ABSENT:
            raise ObjectNotFound(service) from None
        if code in _CONDITION:
            raise PreconditionFailed(service) from None
        raise Unavailable(service, code) from None
    except (BotoCoreError, HTTPClientError, HTTPError) as error:
        raise Unavailable(service, type(error).__name__) from None
