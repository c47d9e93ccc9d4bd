"""boto3 clients that know the emulator and no other place."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.emulator.environment import KEY, REGION
from local.emulator.service import HOST

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"total_max_attempts": 3},
    proxies={},
    s3={"addressing_style": "path"},
)


@dataclass(frozen=True)
class Clients:
    """Clients bound to one endpoint, made when first asked for.

    Raises ValueError for an endpoint that is not on this machine.
    """

    endpoint: str

    def __post_init__(self) -> None:
        if not self.endpoint.startswith(f"http://{HOST}:"):
            raise ValueError(f"{self.endpoint} is not an endpoint on this machine")

    @cached_property
    def s3(self) -> "S3Client":
        """Buckets and objects."""
        client: S3Client = self.of("s3")
        return client

    @cached_property
    def sqs(self) -> "SQSClient":
        """Queues and messages."""
        client: SQSClient = self.of("sqs")
        return client

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        """Secrets."""
        client: SecretsManagerClient = self.of("secretsmanager")
        return client

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session()

    def of(self, service: str) -> Any:  # boto3 makes its classes at run time
        """Give a client of any service, by boto3's name of it."""
        return self._session.client(
            service,  # type: ignore[call-overload]  # the stubs want a literal
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
            config=_CONFIG,
        )
