"""The whole function put together, from what surrounds it to the handling of one message."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audience_uploader import waits
from audience_uploader.bookkeeping import Bookkeeping
from audience_uploader.config import Config
from audience_uploader.credentials import Credentials, CredentialStore
from audience_uploader.deadline import Deadline
from audience_uploader.delivery import Delivery
from audience_uploader.doors import Doors
from audience_uploader.drops import Drops
from audience_uploader.errors import OutOfTime
from audience_uploader.events import read_message
from audience_uploader.looks import Look, Looks
from audience_uploader.notes import Notes
from audience_uploader.nudges import Nudges
from audience_uploader.observability import Observer
from audience_uploader.preparation import LARGEST_DROP, Reader
from audience_uploader.queue import Queue
from audience_uploader.receipts import Receipts
from audience_uploader.state import HeldLease, StateStore
from audience_uploader.submission import Tools
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.pace import Pace
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport
from audience_uploader.workspace import empty_workspace

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
    connect: Callable[[str, Pace], Transport]
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
        self._drops = Drops(around.s3, config.bucket_name)
        self._receipts = Receipts(around.s3, config.bucket_name)
        self._nudges = Nudges(
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
            empty_workspace(self._around.directory)

    def deadline(self, remaining: Callable[[], float]) -> Deadline:
        """The end of an invocation that has `remaining()` seconds left."""
        return Deadline(remaining, timeout_seconds=self._config.function_timeout_seconds)

    def _looks(self) -> Looks:
        around, config = self._around, self._config
        states = StateStore(
            around.s3, config.bucket_name, clock=around.clock, lease_seconds=config.lease_seconds
        )
        return Looks(
            states,
            CredentialStore(around.secretsmanager, config.secret_name),
            self._delivery,
            self._observer,
            clock=around.clock,
            random=around.random,
            base=self._base,
        )

    def _doors(self) -> Doors:
        around, config = self._around, self._config
        queue = Queue(
            around.sqs, url=config.queue_url, dead_letter_url=config.dead_letter_queue_url
        )
        notes = Notes(around.s3, config.bucket_name)
        return Doors(
            queue, self._receipts, notes, self._observer, around.clock, make_reader=self._reader
        )

    def _reader(self, deadline: Deadline) -> Reader:
        return Reader(self._drops, deadline=deadline, largest_drop=self._around.largest_drop)

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
        books = Bookkeeping(
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
            create_unseen_seconds=waits.CREATE_UNSEEN_FOR * self._base,
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

    def _new_pace(self) -> Pace:
        """All functions together keep within TikTok's limit."""
        per_second = _CALLS_PER_SECOND / self._config.max_concurrency
        interval = min(1, self._base / _FULL_PACE_BASE) / per_second
        return Pace(interval, clock=self._around.clock, sleep=self._around.sleep)
