"""The Lambda entry: it alone reads the environment, makes AWS clients and sets up logging."""

import logging
import os
import random
import time
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config as SdkConfig
from botocore.session import get_session

from audience_uploader.adapters.scratch_dir import make_scratch_dir
from audience_uploader.bootstrap import App, Clients, Runtime, read_ahead_threads
from audience_uploader.config import Config
from audience_uploader.observability import Observer
from audience_uploader.tiktok.rate_limiter import Limiter
from audience_uploader.tiktok.transport import Transport

_SDK = SdkConfig(
    retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=10
)
_CHATTY = ("boto3", "botocore", "urllib3", "requests", "s3transfer")


def quiet_libraries() -> None:
    """Keep libraries from logging requests, answers and secrets, whatever the root level is."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)


def _clients() -> Clients:
    """Make the clients as boto3 does, without importing it: a tenth of every cold start."""
    session = get_session()
    return Clients(
        s3=session.create_client("s3", config=_SDK),
        sqs=session.create_client("sqs", config=_SDK),
        secretsmanager=session.create_client("secretsmanager", config=_SDK),
    )


def _runtime() -> Runtime:
    return Runtime(
        clock=time.time, sleep=time.sleep, random=random.random, directory=make_scratch_dir()
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

    def connect(token: str, limiter: Limiter) -> Transport:
        return Transport(config.tiktok_api_url, token, limiter=limiter)

    observer = Observer(_logger(), _metrics())
    return App(config, observer, _clients(), _runtime(), connect, submit=read_ahead_threads())


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle the messages of one poll; answer those that must stay in the queue."""
    app = _app()
    _logger().append_keys(function_request_id=context.aws_request_id)

    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    failures = []
    try:
        for record in event["Records"]:
            _logger().append_keys(message_id=record["messageId"])
            if not app.handle(record, remaining):
                failures.append({"itemIdentifier": record["messageId"]})
    finally:
        _metrics().flush_metrics()
    return {"batchItemFailures": failures}
