"""What a deployment or a test brings of its own: AWS clients, time, chance and the machine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audience_uploader.delivery.drop_reader import READ_AHEAD, Submit
from audience_uploader.delivery.prepare import MOST_DROPS
from audience_uploader.rows import LIMIT_BYTES
from audience_uploader.tiktok.rate_limiter import Limiter
from audience_uploader.tiktok.transport import Transport

Connect = Callable[[str, Limiter], Transport]
"""Makes the transport for an access token."""


@dataclass(frozen=True, slots=True)
class Clients:
    """The AWS clients, as boto3 makes them."""

    s3: Any
    sqs: Any
    secretsmanager: Any


@dataclass(frozen=True, slots=True)
class Runtime:
    """Time, chance and the machine: what a test brings its own of."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    random: Callable[[], float]
    directory: Path
    largest_drop: int = LIMIT_BYTES  # bytes of rows
    most_drops: int = MOST_DROPS  # in a call


def read_ahead_threads() -> Submit:
    """Return what runs a read in one of eight threads."""
    return ThreadPoolExecutor(max_workers=READ_AHEAD, thread_name_prefix="read-ahead").submit
