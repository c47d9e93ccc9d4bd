"""The Lambda entry: the only place that reads the environment and makes AWS clients."""

import os
import random
import time
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

from audience_uploader.adapters.scratch_dir import make_scratch_dir
from audience_uploader.bootstrap import App, Surroundings
from audience_uploader.config import Config
from audience_uploader.observability import Observer, quiet_libraries
from audience_uploader.tiktok.rate_limiter import RateLimiter
from audience_uploader.tiktok.transport import Transport

_SDK = SdkConfig(
    retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=10
)


def _surroundings(config: Config) -> Surroundings:
    def connect(token: str, pace: RateLimiter) -> Transport:
        return Transport(config.tiktok_api_url, token, pace=pace)

    return Surroundings(
        s3=boto3.client("s3", config=_SDK),
        sqs=boto3.client("sqs", config=_SDK),
        secretsmanager=boto3.client("secretsmanager", config=_SDK),
        connect=connect,
        clock=time.time,
        sleep=time.sleep,
        random=random.random,
        directory=make_scratch_dir(),
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
    config = Config.from_env(os.environ)
    return App(config, Observer(_logger(), _metrics()), _surroundings(config))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handles the messages of one poll; answers those that must stay in the queue."""
    app = _app()
    deadline = app.deadline(lambda: context.get_remaining_time_in_millis() / 1000)

    _logger().append_keys(function_request_id=context.aws_request_id)

    def handle(record: SQSRecord) -> None:
        _logger().append_keys(message_id=record.message_id)
        app.handle(record.raw_event, deadline)

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    try:
        return process_partial_response(event, handle, processor, context)
    finally:
        _metrics().flush_metrics()
