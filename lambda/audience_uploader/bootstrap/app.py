"""The function as one object: one record of the queue goes in, and whether it is done comes out."""

from collections.abc import Callable, Mapping
from typing import Any

from audience_uploader.adapters.s3_receipts import WaitingNotes
from audience_uploader.adapters.scratch_dir import empty_scratch_dir
from audience_uploader.bootstrap.deliveries import Deliveries
from audience_uploader.bootstrap.runtime import Clients, Connect, Runtime
from audience_uploader.bootstrap.stores import Stores
from audience_uploader.bootstrap.tiktok_access import TikTokAccess
from audience_uploader.config import Config
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.drop_reader import Submit
from audience_uploader.delivery.reconciler import Reconciler
from audience_uploader.domain.outcomes import Unavailable
from audience_uploader.messages.created_objects import CreatedObjects
from audience_uploader.messages.events import read_message
from audience_uploader.messages.processor import MessageProcessor
from audience_uploader.messages.settlement import Settlement
from audience_uploader.observability import Observer


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
        self._stores = Stores(config, clients, observer, runtime.clock)
        self._tiktok = TikTokAccess(config, self._stores.objects, observer, runtime, connect)
        self._deliveries = Deliveries(
            config, self._stores, observer, runtime, self._tiktok, submit=submit
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
            reader = self._deliveries.reader(deadline)
            return self._settlement.apply(message, done.drop, done.outcome, invocation, reader)
        except Unavailable as error:
            self._observer.unavailable(error)
            return False  # the message comes back by itself
        finally:
            empty_scratch_dir(self._runtime.directory)

    def _new_processor(self) -> MessageProcessor:
        stores = self._stores
        objects = CreatedObjects(
            stores.drops, stores.receipts, self._reconciler(), stores.skips, self._observer
        )
        base = self._config.retry_base_delay_seconds
        return MessageProcessor(objects, self._sweep, self._observer, base=base)

    def _new_settlement(self) -> Settlement:
        stores = self._stores
        return Settlement(
            stores.queue,
            stores.rejections,
            WaitingNotes(stores.objects),
            stores.skips,
            self._observer,
            self._runtime.clock,
        )

    def _reconciler(self) -> Reconciler:
        return Reconciler(
            self._stores.states,
            self._stores.credentials,
            self._deliveries.open,
            self._observer,
            clock=self._runtime.clock,
            random=self._runtime.random,
            base=self._config.retry_base_delay_seconds,
        )

    def _sweep(self, invocation: Invocation) -> None:
        # Imported by the invocation that sweeps: the cold start of all others does without.
        from audience_uploader.bootstrap.sweeps import new_sweep

        stores, clock = self._stores, self._runtime.clock
        new_sweep(self._config, stores, self._tiktok, self._observer, clock).run(invocation)
