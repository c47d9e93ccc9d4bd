"""The parts of one delivery, put together for the audience whose lease is held."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.adapters.secrets import Credentials
from audience_uploader.bootstrap.runtime import Runtime
from audience_uploader.bootstrap.stores import Stores
from audience_uploader.bootstrap.tiktok_access import TikTokAccess
from audience_uploader.config import Config
from audience_uploader.delivery.acceptance import Acceptance
from audience_uploader.delivery.audience_check import AudienceCheck
from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.deliver import Delivery
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.pending import Listing
from audience_uploader.delivery.plan_reader import PlanReader
from audience_uploader.delivery.plan_results import PlanResults
from audience_uploader.delivery.read_ahead import Submit
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.resend import Resend
from audience_uploader.delivery.send_plan import PlanSender
from audience_uploader.delivery.set_rules import SetRules
from audience_uploader.delivery.submit import Submission
from audience_uploader.delivery.unanswered_create import UnansweredCreate
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.observability import Observer
from audience_uploader.tiktok.client import TikTokClient

if TYPE_CHECKING:
    from audience_uploader.delivery.parquet_drops import ParquetDrops


class Deliveries:
    """Opens deliveries; `submit` runs a read of a drop in the background."""

    def __init__(
        self,
        config: Config,
        stores: Stores,
        observer: Observer,
        runtime: Runtime,
        tiktok: TikTokAccess,
        *,
        submit: Submit | None,
    ) -> None:
        self._config = config
        self._stores = stores
        self._observer = observer
        self._runtime = runtime
        self._tiktok = tiktok
        self._submit = submit
        self._rhythm = Rhythm(config.retry_base_delay_seconds, config.settle_seconds)

    @contextmanager
    def open(
        self, held: HeldLease, invocation: Invocation, credentials: Credentials
    ) -> Iterator[Delivery]:
        """Give the delivery of the audience whose lease is held; closed at the end."""
        with self._tiktok.client_for(credentials, invocation) as client:
            yield self._delivery_with(client, held, invocation)

    def reader(self, deadline: Deadline) -> DropReader:
        """Return a reader of drops that ends before the deadline."""
        return DropReader(
            self._stores.drops,
            deadline=deadline,
            submit=self._submit,
            parquet=self._parquet() if self._config.parquet_support else None,
            largest=self._runtime.largest_drop,
        )

    def _parquet(self) -> "ParquetDrops":
        # Imported here: the cold start of a deployment without Parquet does without.
        from audience_uploader.delivery.parquet_drops import ParquetDrops

        return ParquetDrops(self._runtime.directory, largest=self._runtime.largest_drop)

    def _delivery_with(
        self, client: TikTokClient, held: HeldLease, invocation: Invocation
    ) -> Delivery:
        clock = self._runtime.clock
        writer = ReceiptWriter(self._stores.receipts, self._observer, clock, invocation)
        lag = self._rhythm.hour
        stores = self._stores
        resend = Resend(stores.drops, stores.receipts, stores.queue, invocation)
        unanswered = UnansweredCreate(held, client, clock, list_lag=lag)
        acceptance = Acceptance(held, writer, resend, stores.objects, clock)
        submission = Submission(held, client, acceptance, unanswered, resend, clock)
        conclusions = Conclusions(
            held.state,
            self._stores.rejections,
            writer,
            self._stores.skips,
            invocation,
            clock,
            base=self._rhythm.base,
        )
        return Delivery(
            held,
            Listing(self._stores.drops, self._stores.receipts),
            AudienceCheck(held, client, clock, list_lag=lag),
            submission,
            self._sender(held, client, submission, conclusions, invocation),
            conclusions,
            self._stores.outcomes,
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
        invocation: Invocation,
    ) -> PlanSender:
        reader = PlanReader(
            held.state,
            client,
            self.reader(invocation.deadline),
            deadline=invocation.deadline,
            clock=self._runtime.clock,
            directory=self._runtime.directory,
            most_drops=self._runtime.most_drops,
        )
        sets = SetRules(self._stores.drops, minimum_percent=self._config.replace_minimum_percent)
        results = PlanResults(held.state, conclusions, sets)
        return PlanSender(held.state, reader, submission, results)
