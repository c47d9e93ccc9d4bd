"""The whole function put together, from what surrounds it to the handling of one message."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.s3_state import HeldLease, StateStore
from audience_uploader.adapters.scratch_dir import empty_scratch_dir
from audience_uploader.adapters.secrets import Credentials, CredentialStore
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.adapters.waiting_notes import WaitingNotes
from audience_uploader.config import Config
from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.deliver import Delivery
from audience_uploader.delivery.drop_reader import LARGEST_DROP, DropReader
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.reconciler import Look, Reconciler
from audience_uploader.delivery.submit import Tools
from audience_uploader.domain import backoff
from audience_uploader.domain.outcomes import OutOfTime
from audience_uploader.messages.events import read_message
from audience_uploader.messages.processor import MessageProcessor
from audience_uploader.messages.settlement import Settlement
from audience_uploader.observability import Observer
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.rate_limiter import RateLimiter
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport

_CALLS_PER_SECOND = 8  # of TikTok's basic limit of 10; the rest is for others who use the app
_FULL_PACE_BASE = 5.0  # seconds; a shorter base delay is for tests, and quickens the pace too
_BASE_TO_FIRST_WAIT = 30  # the first wait within an invocation is so much shorter than the base


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the function works in: AWS, TikTok, time, chance, and a folder for upload files.

    `connect` makes the transport for an access token, at the pace of this function.
    """

    s3: Any
    sqs: Any
    secretsmanager: Any
    connect: Callable[[str, RateLimiter], Transport]
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    random: Callable[[], float]
    directory: Path
    largest_drop: int = LARGEST_DROP  # bytes of rows


class App:
    """Everything that outlives an invocation."""

    def __init__(self, config: Config, observer: Observer, around: Surroundings) -> None:
        self._config = config
        self._observer = observer
        self._around = around
        self._base = config.retry_base_delay_seconds
        self._pace = self._new_pace()
        self._drops = DropStore(around.s3, config.bucket_name)
        self._receipts = ReceiptStore(around.s3, config.bucket_name)
        self._nudges = MessageProcessor(
            self._drops,
            self._receipts,
            self._looks(),
            self._doors(),
            observer,
            bucket=config.bucket_name,
            base=self._base,
        )

    def handle(self, record: Mapping[str, Any], deadline: Deadline) -> None:
        """Handles one SQS record; raises Park when the message must come back."""
        try:
            self._nudges.handle(read_message(record), deadline)
        finally:
            empty_scratch_dir(self._around.directory)

    def deadline(self, remaining: Callable[[], float]) -> Deadline:
        """The end of an invocation that has `remaining()` seconds left."""
        return Deadline(remaining, timeout_seconds=self._config.function_timeout_seconds)

    def _looks(self) -> Reconciler:
        around, config = self._around, self._config
        states = StateStore(
            around.s3, config.bucket_name, clock=around.clock, lease_seconds=config.lease_seconds
        )
        return Reconciler(
            states,
            CredentialStore(around.secretsmanager, config.secret_name),
            self._delivery,
            self._observer,
            clock=around.clock,
            random=around.random,
            base=self._base,
        )

    def _doors(self) -> Settlement:
        around, config = self._around, self._config
        queue = Queue(
            around.sqs, url=config.queue_url, dead_letter_url=config.dead_letter_queue_url
        )
        notes = WaitingNotes(around.s3, config.bucket_name)
        return Settlement(
            queue, self._receipts, notes, self._observer, around.clock, make_reader=self._reader
        )

    def _reader(self, deadline: Deadline) -> DropReader:
        return DropReader(self._drops, deadline=deadline, largest_drop=self._around.largest_drop)

    @contextmanager
    def _delivery(
        self, held: HeldLease, look: Look, credentials: Credentials
    ) -> Iterator[Delivery]:
        transport = self._around.connect(credentials.access_token, self._pace)
        try:
            client = self._client(transport, credentials, look.deadline)
            yield Delivery(held, look.drop, self._tools(client, look))
        finally:
            transport.close()

    def _tools(self, client: TikTokClient, look: Look) -> Tools:
        clock = self._around.clock
        books = ReceiptWriter(
            self._drops,
            self._receipts,
            self._observer,
            clock,
            started_at=clock(),
            attempts=look.receives,
        )
        return Tools(
            client=client,
            reader=self._reader(look.deadline),
            books=books,
            deadline=look.deadline,
            clock=clock,
            directory=self._around.directory,
            create_unseen_seconds=backoff.CREATE_UNSEEN_FOR * self._base,
        )

    def _client(
        self, transport: Transport, credentials: Credentials, deadline: Deadline
    ) -> TikTokClient:
        around = self._around
        first_wait = self._base / _BASE_TO_FIRST_WAIT
        return TikTokClient(
            transport,
            credentials.advertiser_id,
            retry=RetryPolicy(first_wait, around.sleep, around.random, out_of_time=(OutOfTime,)),
            time_left=deadline.for_calls,
            clock=around.clock,
            observe=self._observer.tiktok_call,
        )

    def _new_pace(self) -> RateLimiter:
        """All functions together keep within TikTok's limit."""
        per_second = _CALLS_PER_SECOND / self._config.max_concurrency
        interval = min(1, self._base / _FULL_PACE_BASE) / per_second
        return RateLimiter(interval, clock=self._around.clock, sleep=self._around.sleep)
