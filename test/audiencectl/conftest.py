"""A deployment in moto, and the tool run against it as a person runs it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from audiencectl.cli import main
from audiencectl.session import Session
from local.tiktok_simulator import Simulator

BUCKET = "people"
NOW = 1_795_000_000.0
Run = Callable[..., Result]


class Clock:
    """Time that passes only while somebody sleeps; `then` happens at the next sleep."""

    def __init__(self) -> None:
        self.now = NOW
        self.then: list[Callable[[], object]] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.then:
            self.then.pop(0)()


class World:
    """The parts of a deployment, for tests to fill and to look at."""

    def __init__(self, tiktok_url: str, name: str = "") -> None:
        self.s3, self.sqs = boto3.client("s3"), boto3.client("sqs")
        self.secrets = boto3.client("secretsmanager")
        suffix = f"-{name}" if name else ""
        self.bucket = f"{BUCKET}{suffix}"
        self.s3.create_bucket(Bucket=self.bucket)
        self.queue = self.sqs.create_queue(QueueName=f"queue{suffix}")["QueueUrl"]
        self.dead = self.sqs.create_queue(QueueName=f"dead{suffix}")["QueueUrl"]
        self.secret = f"tiktok_activation_credentials{suffix}"
        self.secrets.create_secret(
            Name=self.secret, SecretString='{"ACCESS_TOKEN": "replace-with-x"}'
        )
        outputs = {
            "BucketName": self.bucket,
            "QueueUrl": self.queue,
            "DeadLetterQueueUrl": self.dead,
            "SecretName": self.secret,
            "FunctionName": "no-function",
            "TikTokApiUrl": tiktok_url,
        }
        template = {
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
        boto3.client("cloudformation").create_stack(
            StackName=f"TikTokAudienceUploader{suffix}", TemplateBody=json.dumps(template)
        )

    def put(self, key: str, body: bytes | dict[str, Any]) -> str:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        etag: str = self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)["ETag"]
        return etag.strip('"')

    def keys(self, prefix: str = "") -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for item in found.get("Contents", [])]

    def bury(self, key: str, reason: str = "bad_key", message: str = "Rename it.") -> None:
        self.sqs.send_message(
            QueueUrl=self.dead,
            MessageBody=json.dumps({"detail": {"object": {"key": key}}}),
            MessageAttributes={
                "ErrorReason": {"DataType": "String", "StringValue": reason},
                "ErrorMessage": {"DataType": "String", "StringValue": message},
            },
        )

    def messages(self, url: str) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
        )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as tiktok:
        yield tiktok


@pytest.fixture
def tiktok(simulator: Simulator) -> Simulator:
    simulator.reset()
    return simulator


@pytest.fixture
def world(aws: None, tiktok: Simulator) -> World:
    return World(tiktok.url)


@pytest.fixture
def run(clock: Clock) -> Run:
    def run(*arguments: object, stdin: str = "") -> Result:
        session = Session(clock=clock, sleep=clock.sleep)
        return CliRunner().invoke(main, [str(a) for a in arguments], obj=session, input=stdin)

    return run
