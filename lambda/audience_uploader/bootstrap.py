"""The whole function put together: the only place that wires things to one another."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore, WaitingNotes
from audience_uploader.adapters.s3_state import HeldLease, StateStore
from audience_uploader.adapters.scratch_dir import empty_scratch_dir
from audience_uploader.adapters.secrets import Credentials, CredentialStore
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.config import Config
from audience_uploader.delivery.audience_check import AudienceCheck
from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.deliver import Delivery
from audience_uploader.delivery.drop_reader import READ_AHEAD, DropReader, Submit
from audience_uploader.delivery.outcome_writer import OutcomeWriter
from audience_uploader.delivery.parquet_drops import ParquetDrops
from audience_uploader.delivery.pending import Listing
from audience_uploader.delivery.prepare import MOST_DROPS
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.reconciler import Reconciler
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.resend import Resend
from audience_uploader.delivery.send_plan import PlanSender
from audience_uploader.delivery.set_rules import SetRules
from audience_uploader.delivery.skips import Skips
from audience_uploader.delivery.submit import Submission
from audience_uploader.domain.outcomes import OutOfTime, Unavailable
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.messages.events import read_message
from audience_uploader.messages.processor import MessageProcessor
from audience_uploader.messages.settlement import Settlement
from audience_uploader.observability import Observer
from audience_uploader.rows import LIMIT_BYTES
from audience_uploader.sweep.audience_pass import Bucket
from audience_uploader.sweep.outcomes import OutcomeSweep
from audience_uploader.sweep.sweep import Sweep
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.rate_limiter import RateLimiter
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport

_BASE_TO_FIRST_WAIT = 30  # the first wait within an invocation is so much shorter than the base

Connect = Callable[[str, RateLimiter], Transport]
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


class App:
    """Everything that outlives an invocation."""

    def __init__(
        self,
        config: Config,
        observer: Observer,
        clients: Clients,
        runtime: Runtime,
        connect: Connect,
        *,
        submit: Submit | None = None,
    ) -> None:
        self._config = config
        self._observer = observer
        self._runtime = runtime
        self._connect = connect
        self._submit = submit
        self._base = config.retry_base_delay_seconds
        self._rhythm = Rhythm(self._base, config.settle_seconds)
        self._limiter = self._new_limiter()
        self._objects = JsonStore(clients.s3, config.bucket_name)
        self._drops = DropStore(clients.s3, config.bucket_name)
        self._receipts = ReceiptStore(self._objects)
        self._skips = Skips(self._receipts, observer, runtime.clock)
        self._queue = Queue(
            clients.sqs, url=config.queue_url, dead_letter_url=config.dead_letter_queue_url
        )
        self._rejections = Rejections(
            self._queue, self._objects, observer, runtime.clock, bucket=config.bucket_name
        )
        self._credentials = CredentialStore(clients.secretsmanager, config.secret_name)
        self._states = StateStore(
            self._objects, clock=runtime.clock, lease_seconds=config.lease_seconds
        )
        self._outcomes = OutcomeWriter(
            self._objects, self._receipts, self._rejections, observer, runtime.clock
        )
        self._settlement = self._new_settlement()
        self._processor = self._new_processor()

    def handle(self, record: Mapping[str, Any], remaining: Callable[[], float]) -> bool:
        """Handle one SQS record with `remaining()` seconds left; tell whether it may be deleted."""
        message = read_message(record)
        timeout = self._config.function_timeout_seconds
        deadline = Deadline(remaining, timeout_seconds=timeout)
        invocation = Invocation(deadline, self._runtime.clock(), message.receives)
        try:
            done = self._processor.process(message, invocation)
            reader = self._reader(deadline)
            return self._settlement.apply(message, done.drop, done.outcome, invocation, reader)
        except Unavailable as error:
            self._observer.unavailable(error)
            return False  # the message comes back by itself
        finally:
            empty_scratch_dir(self._runtime.directory)

    def _new_processor(self) -> MessageProcessor:
        return MessageProcessor(
            self._drops,
            self._receipts,
            self._reconciler(),
            self._skips,
            self._sweep,
            self._observer,
            base=self._base,
        )

    def _new_settlement(self) -> Settlement:
        notes = WaitingNotes(self._objects)
        return Settlement(
            self._queue,
            self._rejections,
            notes,
            self._drops,
            self._skips,
            self._observer,
            self._runtime.clock,
        )

    def _reconciler(self) -> Reconciler:
        return Reconciler(
            self._states,
            self._credentials,
            self._delivery,
            self._observer,
            clock=self._runtime.clock,
            random=self._runtime.random,
            base=self._base,
        )

    def _sweep(self, invocation: Invocation) -> None:
        clock, rhythm = self._runtime.clock, self._rhythm
        outcomes = OutcomeSweep(
            self._states, self._outcomes, self._observer, clock, hour=rhythm.hour
        )
        Sweep(
            Bucket(self._objects, self._drops, self._receipts),
            self._states,
            self._queue,
            self._credentials,
            self._client_for,
            outcomes,
            self._observer,
            clock,
            rhythm,
        ).run(invocation)

    def _reader(self, deadline: Deadline) -> DropReader:
        largest = self._runtime.largest_drop
        parquet = ParquetDrops(self._runtime.directory, largest=largest)
        return DropReader(
            self._drops,
            deadline=deadline,
            submit=self._submit,
            parquet=parquet if self._config.parquet_support else None,
            largest=largest,
        )

    @contextmanager
    def _client_for(
        self, credentials: Credentials, invocation: Invocation
    ) -> Iterator[TikTokClient]:
        transport = self._connect(credentials.access_token, self._limiter)
        try:
            yield self._client(transport, credentials, invocation.deadline)
        finally:
            transport.close()

    @contextmanager
    def _delivery(
        self, held: HeldLease, invocation: Invocation, credentials: Credentials
    ) -> Iterator[Delivery]:
        with self._client_for(credentials, invocation) as client:
            yield self._delivery_with(client, held, invocation)

    def _delivery_with(
        self, client: TikTokClient, held: HeldLease, invocation: Invocation
    ) -> Delivery:
        clock = self._runtime.clock
        writer = ReceiptWriter(self._receipts, self._observer, clock, invocation)
        lag = self._rhythm.hour
        resend = Resend(self._drops, self._receipts, self._queue)
        submission = Submission(held, client, writer, resend, self._objects, clock, list_lag=lag)
        conclusions = Conclusions(
            held.state,
            self._rejections,
            writer,
            self._skips,
            invocation,
            clock,
            base=self._base,
        )
        return Delivery(
            held,
            Listing(self._drops, self._receipts),
            AudienceCheck(held, client, clock),
            submission,
            self._sender(held, client, submission, conclusions, invocation.deadline),
            conclusions,
            self._outcomes,
            invocation,
            clock,
            self._rhythm,
        )

    def _sender(
        self,
        held: HeldLease,
        client: TikTokClient,
        submission: Submission,
        conclusions: Conclusions,
        deadline: Deadline,
    ) -> PlanSender:
        return PlanSender(
            held,
            client,
            self._reader(deadline),
            submission,
            conclusions,
            SetRules(self._drops, minimum_percent=self._config.replace_minimum_percent),
            deadline=deadline,
            clock=self._runtime.clock,
            directory=self._runtime.directory,
            most_drops=self._runtime.most_drops,
        )

    def _client(
        self, transport: Transport, credentials: Credentials, deadline: Deadline
    ) -> TikTokClient:
        runtime = self._runtime
        first_wait = self._base / _BASE_TO_FIRST_WAIT
        return TikTokClient(
            transport,
            credentials.advertiser_id,
            retry=RetryPolicy(first_wait, runtime.sleep, runtime.random, out_of_time=(OutOfTime,)),
            time_left=deadline.for_calls,
            clock=runtime.clock,
            observe=self._observer.tiktok_call,
        )

    def _new_limiter(self) -> RateLimiter:
        """All functions together keep within this deployment's share of TikTok's limit."""
        per_second = self._config.tiktok_calls_per_second / self._config.max_concurrency
        return RateLimiter(1 / per_second, clock=self._runtime.clock, sleep=self._runtime.sleep)


def read_ahead_threads() -> Submit:
    """Return what runs a read in one of eight threads."""
    return ThreadPoolExecutor(max_workers=READ_AHEAD, thread_name_prefix="read-ahead").submit
