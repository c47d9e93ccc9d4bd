"""What stands in for an account in the tests of audiencectl: a deployment in moto, and a clock."""

import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError
from click.testing import Result

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


class FakeCloudFormation:
    """One stack's outputs (moto's own CloudFormation needs many packages more)."""

    def __init__(self, stack: str = "", outputs: list[dict[str, str]] | None = None) -> None:
        self.stack, self.outputs = stack, outputs or []

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:
        if StackName != self.stack:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        return {"Stacks": [{"StackName": StackName, "Outputs": self.outputs}]}


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
        stack_outputs = [{"OutputKey": k, "OutputValue": v} for k, v in outputs.items()]
        self.cloudformation = FakeCloudFormation(f"TikTokAudienceUploader{suffix}", stack_outputs)

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
        found: Any = answer.get("Messages", [])
        return list(found)
