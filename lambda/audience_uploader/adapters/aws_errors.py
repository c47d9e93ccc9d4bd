"""How AWS failures look to the rest of the code: a few exceptions, without names of objects."""

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
_NOT_FOUND = {"NoSuchKey", "404", "NotFound"}
# What S3 answers about one object that its neighbours need not share: its encryption, its class.
_OF_ONE_OBJECT = {"AccessDenied", "403", "Forbidden", "InvalidObjectState"}


@contextmanager
def calling(service: str) -> Iterator[None]:
    """Turn what boto3 raises inside into ObjectNotFound, PreconditionFailed or Unavailable."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in _NOT_FOUND:
            raise ObjectNotFound(service) from None
        if code in _CONDITION:
            raise PreconditionFailed(service) from None
        raise Unavailable(service, code) from None
    except (BotoCoreError, HTTPClientError, HTTPError) as error:
        raise Unavailable(service, type(error).__name__) from None


def is_of_one_object(error: Unavailable) -> bool:
    """Tell whether S3 or KMS refuses the one object that was asked for, as `InvalidObjectState`."""
    return error.code in _OF_ONE_OBJECT or error.code.startswith("KMS.")
