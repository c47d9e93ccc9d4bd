"""The deployed stack on moto: real boto3 clients, the real handler, the simulator over HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import boto3
import pytest
from audience_uploader.adapters.s3_receipts import receipt_key
from moto import mock_aws
from support.events import BUCKET, event_body
from support.fake_lambda import EventSource, forget_the_sandbox

from local.tiktok_simulator import Simulator

FOLDER = "tiktok/a+b %25 ü/email_sha256/"
AUDIENCE = "a+b %25 ü"
REGION: Final = "eu-west-1"


@dataclass
class Stack:
    """What a deployment makes, and how its user sees it."""

    sim: Simulator
    s3: Any
    sqs: Any
    secrets: Any
    source: EventSource
    dead_letter_url: str

    def drop(self, name: str, body: bytes) -> str:
        key = FOLDER + name
        etag = self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)["ETag"]
        self.sqs.send_message(
            QueueUrl=self.source.queue_url, MessageBody=event_body(key, etag, len(body))
        )
        return key

    def receipt(self, key: str) -> dict[str, Any]:
        etag = self.s3.head_object(Bucket=BUCKET, Key=key)["ETag"].strip('"')
        found = self.s3.get_object(Bucket=BUCKET, Key=receipt_key((key, etag)))
        return dict(json.loads(found["Body"].read()))

    def dead(self) -> list[dict[str, Any]]:
        found = self.sqs.receive_message(
            QueueUrl=self.dead_letter_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(found.get("Messages", []))


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Stack]:
    """Make a stack with a base delay of 20 ms; `options` are the simulator's."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")  # moto answers for the real endpoints
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws(), Simulator(**{"floor": 0, "processing_seconds": 0.0, **options}) as sim:
        s3, sqs, secrets = boto3.client("s3"), boto3.client("sqs"), boto3.client("secretsmanager")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        queue, dead = (sqs.create_queue(QueueName=n)["QueueUrl"] for n in ("queue", "dead"))
        text = json.dumps({"ACCESS_TOKEN": sim.token, "ADVERTISER_ID": sim.advertiser_id})
        secrets.create_secret(Name="tiktok_activation_credentials", SecretString=text)
        for name, value in environment(sim.url, queue, dead).items():
            monkeypatch.setenv(name, value)
        forget_the_sandbox()
        yield Stack(sim, s3, sqs, secrets, EventSource(sqs, queue), dead)
        forget_the_sandbox()


def environment(url: str, queue: str, dead: str) -> dict[str, str]:
    return {
        "BUCKET_NAME": BUCKET,
        "QUEUE_URL": queue,
        "DEAD_LETTER_QUEUE_URL": dead,
        "SECRET_NAME": "tiktok_activation_credentials",
        "TIKTOK_API_URL": url,
        "RETRY_BASE_DELAY_SECONDS": "0.02",
        "FUNCTION_TIMEOUT_SECONDS": "900",
        "MAX_CONCURRENCY": "5",
        "POWERTOOLS_SERVICE_NAME": "audience-uploader",
        "POWERTOOLS_METRICS_NAMESPACE": "TikTokAudienceUploader",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
