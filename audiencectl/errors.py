"""What a person can cause, as one sentence each: never a traceback."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from boto3.exceptions import S3UploadFailedError
from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from audiencectl.permissions import permission_of

NO = 1  # the answer is no, or it could not be had
WRONG_USE = 2

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "403",
        "UnauthorizedOperation",
        "KMS.AccessDeniedException",
    }
    | {"AuthorizationError", "AccessDeniedFault"}
)
_BAD_KEYS = frozenset(
    {"InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "ExpiredToken"}
    | {"ExpiredTokenException", "SignatureDoesNotMatch", "RequestExpired", "AuthFailure"}
)
_NOT_AWS = "What answers is not AWS: check AWS_ENDPOINT_URL and the proxy, if any is set."
_NAMED_ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")


class Refusal(click.ClickException):
    """The answer is no: a sentence, and exit code 1."""

    exit_code = NO

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print the sentence to standard error, without decoration."""
        click.echo(self.format_message(), err=True)


class WrongUse(click.UsageError):
    """The command was not used as it is meant to be: exit code 2."""

    exit_code = WRONG_USE


@contextmanager
def explained() -> Iterator[None]:
    """Turn what AWS and its SDK raise into a Refusal that says what to do."""
    try:
        yield
    except S3UploadFailedError as error:
        cause = error.__cause__ or error.__context__
        text = _of_client(cause) if isinstance(cause, aws.ClientError) else "The upload failed."
        raise Refusal(text) from None
    except aws.ClientError as error:
        raise Refusal(_of_client(error)) from None
    except (aws.BotoCoreError, aws.HTTPClientError) as error:
        raise Refusal(_of_sdk(error)) from None
    except ResponseParserError:
        raise Refusal(_NOT_AWS) from None


def code_of(error: aws.ClientError) -> str:
    """Return the error code that AWS answered."""
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def _of_client(error: aws.ClientError) -> str:
    code, operation = code_of(error), error.operation_name
    text = str(error.response.get("Error", {}).get("Message", ""))
    if code in _DENIED:
        named = _NAMED_ACTION.search(text)
        action, kind = permission_of(operation)
        missing = named[1] if named else action
        on = "the stack's KMS key" if missing.startswith("kms:") else kind
        return f"AWS does not allow this: the permission {missing} on {on} is missing."
    if code in _BAD_KEYS:
        return (
            f"AWS does not take these credentials ({code}): they are wrong or have expired. "
            "Log in again (for example `aws sso login`)."
        )
    if code in ("NoSuchBucket", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"):
        return "What the stack's outputs name is not there any more: was the stack destroyed?"
    return f"AWS refused {operation} ({code})."


def _of_sdk(error: Exception) -> str:
    if isinstance(error, aws.NoCredentialsError | aws.PartialCredentialsError):
        return (
            "There are no AWS credentials. Log in (`aws sso login`), set AWS_PROFILE, or use "
            "--demo for the demo."
        )
    if isinstance(error, aws.NoRegionError):
        return "No AWS region is set. Set AWS_REGION, for example `export AWS_REGION=eu-west-1`."
    if isinstance(error, aws.ProfileNotFound):
        return "AWS_PROFILE names a profile that is not in your AWS configuration."
    if isinstance(error, aws.EndpointConnectionError | aws.ConnectTimeoutError):
        return (
            "AWS can't be reached. Check the network, and AWS_ENDPOINT_URL and AWS_REGION if set."
        )
    if isinstance(error, aws.InvalidRegionError):
        return "AWS_REGION is no region's name. Set it, for example to eu-west-1."
    return f"The call to AWS failed ({type(error).__name__}). Try again."
