"""The Lambda entry, and the only place that reads the environment and wires things together."""

import os
import random
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config as SdkConfig

from audience_uploader import waits
from audience_uploader.bookkeeping import Bookkeeping
from audience_uploader.config import Config
from audience_uploader.credentials import Credentials, CredentialStore
from audience_uploader.deadline import Deadline
from audience_uploader.delivery import Delivery, Tools
from audience_uploader.doors import Doors
from audience_uploader.drops import Drops
from audience_uploader.events import read_message
from audience_uploader.looks import Look, Looks
from audience_uploader.notes import Notes
from audience_uploader.nudges import Nudges
from audience_uploader.observability import Observer, quiet_libraries
from audience_uploader.preparation import Reader
from audience_uploader.queue import Queue
from audience_uploader.receipts import Receipts
from audience_uploader.state import HeldLease, StateStore
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport
from audience_uploader.workspace import empty_workspace, make_workspace

_SDK = SdkConfig(
    retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=30
)
_CALLS_PER_SECOND = 10  # TikTok's basic limit, for all callers of the app together
_PRODUCTION_BASE = 30.0  # seconds; where the pace below is exactly TikTok's limit


class App:
    """Everything that outlives an invocation: clients, caches, the workspace."""

    def __init__(self, config: Config, observer: Observer) -> None:
        self._config = config
        self._observer = observer
        self._directory = make_workspace()
        s3, bucket = boto3.client("s3", config=_SDK), config.bucket_name
        self._drops, self._receipts = Drops(s3, bucket), Receipts(s3, bucket)
        states = StateStore(s3, bucket, clock=time.time, lease_seconds=config.lease_seconds)
        secret = CredentialStore(boto3.client("secretsmanager", config=_SDK), config.secret_name)
        looks = Looks(
            states,
            secret,
            self._delivery,
            observer,
            clock=time.time,
            random=random.random,
            base=config.retry_base_delay_seconds,
        )
        self._nudges = Nudges(
            self._drops,
            self._receipts,
            looks,
            self._doors(Notes(s3, bucket)),
            observer,
            bucket=bucket,
            base=config.retry_base_delay_seconds,
        )

    def handle(self, record: Mapping[str, Any], deadline: Deadline) -> None:
        """Handles one SQS record; raises Park when the message must come back."""
        try:
            self._nudges.handle(read_message(record), deadline)
        finally:
            empty_workspace(self._directory)

    def deadline(self, context: LambdaContext) -> Deadline:
        """The end of the invocation that the context tells of."""
        return Deadline(
            lambda: context.get_remaining_time_in_millis() / 1000,
            timeout_seconds=self._config.function_timeout_seconds,
        )

    def _doors(self, notes: Notes) -> Doors:
        config = self._config
        queue = Queue(
            boto3.client("sqs", config=_SDK),
            url=config.queue_url,
            dead_letter_url=config.dead_letter_queue_url,
        )
        return Doors(queue, self._drops, self._receipts, notes, self._observer, time.time)

    def _delivery(self, held: HeldLease, look: Look, credentials: Credentials) -> Delivery:
        base = self._config.retry_base_delay_seconds
        tools = Tools(
            client=self._client(credentials, look.deadline),
            reader=Reader(self._drops, deadline=look.deadline),
            books=Bookkeeping(
                self._drops,
                self._receipts,
                self._observer,
                time.time,
                started_at=time.time(),
                attempts=look.receives,
            ),
            deadline=look.deadline,
            clock=time.time,
            directory=self._directory,
            create_unseen_seconds=waits.CREATE_UNSEEN_FOR * base,
        )
        return Delivery(held, look.drop, tools)

    def _client(self, credentials: Credentials, deadline: Deadline) -> TikTokClient:
        base = self._config.retry_base_delay_seconds
        pace = self._config.max_concurrency / _CALLS_PER_SECOND * base / _PRODUCTION_BASE
        return TikTokClient(
            Transport(self._config.tiktok_api_url, credentials.access_token, pace=pace),
            credentials.advertiser_id,
            retry=RetryPolicy(first_wait=base / 30, sleep=time.sleep, random=random.random),
            time_left=deadline.for_calls,
            clock=time.time,
            observe=self._observer.tiktok_call,
        )


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


@cache
def _app() -> App:
    quiet_libraries()
    return App(Config.from_env(os.environ), Observer(_logger(), _metrics()))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handles the messages of one poll; answers those that must stay in the queue."""
    app = _app()
    deadline = app.deadline(context)

    def handle(record: SQSRecord) -> None:
        app.handle(record.raw_event, deadline)

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    try:
        return process_partial_response(event, handle, processor, context)
    finally:
        _metrics().flush_metrics()
