"""Which deployment a command works on: an account's, any endpoint's, or the demo's."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, InvalidRegionError

from audiencectl.errors import Refusal, code_of

STACK = "TikTokAudienceUploader"
DEMO_RECORD = Path(__file__).resolve().parents[1] / ".local" / "demo.json"
_CONFIG = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard"})
_BAD_ENDPOINT = "AWS_ENDPOINT_URL is no URL such as http://127.0.0.1:4566. Correct it, or unset it."
_NO_DEMO = "No demo is running. Start one with `make demo KEEP=1`."


@dataclass
class Deployment:
    """One deployment; its outputs and its boto3 clients, by service, come when first asked for."""

    name: str = ""
    demo: bool = False
    record: Path = DEMO_RECORD
    clients: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """The stack's outputs; raises Refusal where there is no such stack, or no demo."""
        return self._demo["outputs"] if self.demo else self._stack_outputs()

    def output(self, name: str) -> str:
        """Return one of the stack's outputs."""
        try:
            return self.outputs[name]
        except KeyError:
            raise Refusal(
                f"The stack {self.stack} has no output {name}: deploy this version of it."
            ) from None

    @property
    def stack(self) -> str:
        """The name of the deployment's stack."""
        return f"{STACK}-{self.name}" if self.name else STACK

    @property
    def bucket(self) -> str:
        """The name of the data bucket."""
        return self.output("BucketName")

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The function's environment; nothing where one may not ask: it only sharpens answers."""
        try:
            found = self.client("lambda").get_function_configuration(
                FunctionName=self.output("FunctionName")
            )
        except (ClientError, BotoCoreError):
            return {}
        variables: Mapping[str, str] = found.get("Environment", {}).get("Variables", {})
        return variables

    @property
    def reads_parquet(self) -> bool:
        """Whether the deployment has parquet_support."""
        return self.variables.get("PARQUET_SUPPORT", "").strip().lower() == "true"

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service, made once."""
        if service not in self.clients:
            access = self._demo_access if self.demo else _region()
            try:
                self.clients[service] = boto3.client(
                    service,  # type: ignore[call-overload]  # the stubs want a literal
                    config=_CONFIG,
                    **access,
                )
            except InvalidRegionError:
                raise
            except ValueError:  # which botocore raises for an endpoint that is no URL
                raise Refusal(_BAD_ENDPOINT) from None
        return self.clients[service]

    @property
    def _demo_access(self) -> dict[str, Any]:
        return {
            "endpoint_url": self._demo["emulator_url"],
            "region_name": "us-east-1",
            "aws_access_key_id": "local",
            "aws_secret_access_key": "local",
        }

    @cached_property
    def _demo(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads(self.record.read_text("utf-8"))
            url = f"{kept['emulator_url']}/_ministack/health"
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own record
                answer.read()
        except (OSError, ValueError, KeyError, urllib.error.URLError):
            raise Refusal(_NO_DEMO) from None
        return kept

    def _stack_outputs(self) -> dict[str, str]:
        try:
            found = self.client("cloudformation").describe_stacks(StackName=self.stack)
        except ClientError as error:
            if code_of(error) != "ValidationError":
                raise
            raise Refusal(
                f"There is no stack {self.stack} in this account and region. Is AWS_REGION right? "
                "Another deployment is named with --deployment."
            ) from None
        outputs = found["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def _region() -> dict[str, str]:
    """Return the region of AWS_REGION, which the AWS CLI obeys and boto3 does not."""
    region = os.environ.get("AWS_REGION")
    return {"region_name": region} if region else {}
