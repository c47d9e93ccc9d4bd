"""The whole function in memory, with the simulator as TikTok, on one virtual clock.

Time stands still until `advance`, so waits can be asked for to the second.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audience_uploader.adapters.s3_receipts import receipt_key
from audience_uploader.bootstrap import App, Clients, Runtime
from audience_uploader.config import Config
from audience_uploader.delivery.prepare import MOST_DROPS
from audience_uploader.delivery.read_ahead import Submit
from audience_uploader.domain.waiting_note import waiting_note_key
from audience_uploader.observability import Observer
from audience_uploader.rows import LIMIT_BYTES
from audience_uploader.tiktok.rate_limiter import Limiter
from audience_uploader.tiktok.transport import Transport
from aws_lambda_powertools import Logger, Metrics
from support.events import BUCKET, event_body, hashes
from support.fake_s3 import FakeS3
from support.fake_secrets import FakeSecrets
from support.fake_sqs import FakeSQS, Queued
from support.in_process import InProcess
from support.virtual_clock import VirtualClock

from local.tiktok_simulator import Simulator

TIMEOUT = 900.0
VISIBILITY = 6 * TIMEOUT
HOUR = 3600.0


class World:
    """A deployed stack without AWS; `base` is the base delay in seconds."""

    def __init__(
        self,
        sim: Simulator,
        directory: Path,
        *,
        base: float = 30.0,
        seed: int = 1,
        logger: Logger | None = None,
    ) -> None:
        self.sim = sim
        self.base = base
        self.clock = VirtualClock()
        sim.world.clock = self.clock  # type: ignore[assignment]
        self.now = self.clock.now
        self.advance = self.clock.advance
        self.s3 = FakeS3(self.now)
        self.sqs = FakeSQS(self.now)
        self.secrets = FakeSecrets(ACCESS_TOKEN=sim.token, ADVERTISER_ID=sim.advertiser_id)
        self.tiktok = InProcess(sim)
        self.random = random.Random(seed)
        self.directory = directory
        self.observer = Observer(logger or _silent(), Metrics(namespace="t"))
        self.remaining: Callable[[], float] = lambda: TIMEOUT
        self.restart: Callable[[], object] = lambda: None
        self.slept: list[float] = []
        self.largest_drop = LIMIT_BYTES
        self.most_drops = MOST_DROPS
        self.settle_seconds = 0.0
        self.replace_minimum_percent = 50.0
        self.parquet_support = False
        self.calls_per_second = 8.0
        self.app = self.new_app()

    def listen(self, before: Callable[[], None], after: Callable[[], None]) -> None:
        """Have `before` and `after` called around every external call."""
        self.s3.before = lambda operation, key: before()
        self.s3.after = lambda operation, key: after()
        self.sqs.before = lambda operation: before()
        self.sqs.after = lambda operation: after()
        self.secrets.before = before
        self.tiktok.before = lambda path: before()
        self.tiktok.after = lambda path: after()

    def new_app(self, directory: Path | None = None, *, submit: Submit | None = None) -> App:
        """Start cold: nothing remembered; in a folder of its own where there are several."""
        config = Config(
            bucket_name=BUCKET,
            queue_url="queue",
            dead_letter_queue_url="dlq",
            secret_name="tiktok_activation_credentials",
            tiktok_api_url=self.sim.url,
            retry_base_delay_seconds=self.base,
            function_timeout_seconds=TIMEOUT,
            max_concurrency=5,
            tiktok_calls_per_second=self.calls_per_second,
            settle_seconds=self.settle_seconds,
            replace_minimum_percent=self.replace_minimum_percent,
            parquet_support=self.parquet_support,
        )
        clients = Clients(s3=self.s3, sqs=self.sqs, secretsmanager=self.secrets)
        runtime = Runtime(
            clock=self.now,
            sleep=self.slept.append,
            random=self.random.random,
            directory=directory or self.directory,
            largest_drop=self.largest_drop,
            most_drops=self.most_drops,
        )
        return App(config, self.observer, clients, runtime, self._connect, submit=submit)

    def _connect(self, token: str, limiter: Limiter) -> Transport:
        transport = Transport(self.sim.url, token, limiter=limiter)
        transport._session.mount("http://", self.tiktok)
        return transport

    def write(self, key: str, ids: Iterable[str] | bytes) -> str:
        """Write an object without an event, as one that comes later or never; return its ETag."""
        body = ids if isinstance(ids, bytes) else "".join(f"{i}\n" for i in ids).encode()
        return self.s3.store(key, body)

    def drop(self, key: str, ids: Iterable[str] | bytes) -> Queued:
        """Write an object as a user would; its event arrives at once."""
        etag = self.write(key, ids)
        return self.sqs.send(event_body(key, etag, len(self.s3.objects[key].body)))

    def receive(self, message: Queued) -> bool:
        """Receive one message; tell whether it was done and deleted.

        `restart` is called first, then `remaining` says how many seconds are left.
        """
        self.restart()
        message.receives += 1
        message.received_at = self.now()
        message.visible_at = self.now() + VISIBILITY
        done = self.app.handle(message.record(), self.remaining)
        if done:
            self.sqs.messages.pop(message.message_id, None)
        return done

    def sweep(self) -> None:
        """Have the scheduled pass run now."""
        body = {"source": "aws.events", "detail-type": "Scheduled Event"}
        assert self.receive(self.sqs.send(json.dumps(body))), "a sweep is always done"

    def note(self, key: str) -> dict[str, Any] | None:
        """Return the waiting note of the version of a drop that is there now."""
        etag = self.s3.objects[key].etag.strip('"')
        found = self.s3.objects.get(waiting_note_key((key, etag)))
        return json.loads(found.body) if found else None

    def status(self, audience: str) -> dict[str, Any] | None:
        """Return the audience's status object."""
        found = self.s3.objects.get(f"status/{audience}.json")
        return json.loads(found.body) if found else None

    def hidden_for(self, message: Queued) -> float:
        """Return the seconds until a message is visible again."""
        return message.visible_at - self.now()

    def come(self, message: Queued) -> float:
        """Wait until the message is visible, have it received; return for how long it hides."""
        self.advance(max(0.0, self.hidden_for(message)))
        assert not self.receive(message), "the message was done"
        return self.hidden_for(message)

    def run(self, *, hours: float = 24 * 12, receives: int = 3000) -> None:
        """Handle messages as they become visible, jumping over the waits, until none is left."""
        until = self.now() + hours * HOUR
        while self.sqs.messages and receives:
            first = min(self.sqs.messages.values(), key=lambda m: m.visible_at)
            if first.visible_at > until:
                return
            self.advance(max(0.0, self.hidden_for(first)))
            self.receive(first)
            receives -= 1

    def redrive(self) -> None:
        """Move all dead letters back into the queue, as `start-message-move-task` does."""
        self.advance(1)
        dead, self.sqs.dead[:] = list(self.sqs.dead), []
        for message in dead:
            self.sqs.send(message.body, **message.attributes)

    def reasons(self) -> list[str]:
        """Return the ErrorReason of each dead letter."""
        return [m.attributes["ErrorReason"] for m in self.sqs.dead]

    def receipt(self, key: str) -> dict[str, Any] | None:
        """Return the receipt of the version of a drop that is there now."""
        etag = self.s3.objects[key].etag.strip('"')
        found = self.s3.objects.get(receipt_key((key, etag)))
        return json.loads(found.body) if found else None

    def record(self, audience: str) -> dict[str, Any]:
        """Return the audience's state record."""
        found = self.s3.objects[f"state/{self.sim.advertiser_id}/{audience}.json"]
        return dict(json.loads(found.body))

    def ids(self, audience: str) -> list[set[str]]:
        """Return the ids in each audience of that name at TikTok, in lower-case hex."""
        return [set(a["ids"]) for a in self.sim.audiences(audience)]  # type: ignore[call-overload]

    def called(self, endpoint: str = "") -> list[str]:
        """Return the endpoints that TikTok was called at, oldest first."""
        return [str(c["endpoint"]) for c in self.sim.calls(endpoint)]


def _silent() -> Logger:
    return Logger(service="world", level="CRITICAL")


@contextmanager
def world(
    directory: Path,
    *,
    base: float = 30.0,
    seed: int = 1,
    logger: Logger | None = None,
    **options: Any,
) -> Iterator[World]:
    """Make a world with its own simulator; `options` are the simulator's.

    Any size of audience is usable unless `floor` says otherwise.
    """
    sim = Simulator(**{"floor": 0, **options})
    try:
        yield World(sim, directory, base=base, seed=seed, logger=logger)
    finally:
        sim.stop()


__all__ = ["BUCKET", "HOUR", "World", "event_body", "hashes", "world"]
