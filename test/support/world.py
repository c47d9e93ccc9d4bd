"""The whole function in memory but for TikTok, which is the simulator over real HTTP.

Time is one clock for all of them, and only `advance` moves it noticeably.
"""

import json
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audience_uploader.app import App, Surroundings
from audience_uploader.config import Config
from audience_uploader.errors import Park
from audience_uploader.keys import DropKey
from audience_uploader.observability import Observer
from audience_uploader.receipts import receipt_key
from audience_uploader.tiktok.pace import Pace
from audience_uploader.tiktok.transport import Transport
from aws_lambda_powertools import Logger, Metrics
from support.fake_s3 import FakeS3
from support.fake_sqs import FakeSQS, Queued

from local.tiktok_simulator import Simulator

BUCKET = "the-bucket"
TIMEOUT = 900.0


class FakeSecrets:
    """Secrets Manager with one secret; `reads` counts how often it was asked."""

    def __init__(self, **values: str) -> None:
        self.text = json.dumps(values)
        self.reads = 0
        self.error: Exception | None = None

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:
        self.reads += 1
        if self.error:
            raise self.error
        return {"SecretString": self.text}


class World:
    """A deployed stack without AWS; `base` is the base delay in seconds."""

    def __init__(
        self, sim: Simulator, directory: Path, *, base: float = 30.0, seed: int = 1
    ) -> None:
        self.sim = sim
        self.base = base
        self.offset = 0.0
        self.s3 = FakeS3(self.now)
        self.sqs = FakeSQS(self.now)
        self.secrets = FakeSecrets(ACCESS_TOKEN=sim.token, ADVERTISER_ID=sim.advertiser_id)
        self.random = random.Random(seed)
        self.directory = directory
        self.remaining = TIMEOUT
        self.app = self.new_app()

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Moves the clock of AWS, the function and TikTok."""
        self.offset += seconds
        self.sim.world.clock.advance(seconds)

    def new_app(self) -> App:
        """A cold start: nothing remembered."""
        config = Config(
            bucket_name=BUCKET,
            queue_url="queue",
            dead_letter_queue_url="dlq",
            secret_name="tiktok_activation_credentials",
            tiktok_api_url=self.sim.url,
            retry_base_delay_seconds=self.base,
            function_timeout_seconds=TIMEOUT,
            max_concurrency=5,
        )
        return App(config, Observer(Logger(service="t"), Metrics(namespace="t")), self._around())

    def _around(self) -> Surroundings:
        def connect(token: str, pace: Pace) -> Transport:
            return Transport(self.sim.url, token, pace=pace)

        return Surroundings(
            s3=self.s3,
            sqs=self.sqs,
            secretsmanager=self.secrets,
            connect=connect,
            clock=self.now,
            sleep=lambda seconds: None,
            random=self.random.random,
            directory=self.directory,
        )

    def drop(self, key: str, ids: Iterable[str] | bytes, *, notify: bool = True) -> Queued | None:
        """Writes an object as a user would; its event arrives at once unless `notify` is off."""
        body = ids if isinstance(ids, bytes) else "".join(f"{i}\n" for i in ids).encode()
        etag = self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)["ETag"]
        return self.sqs.send(event_body(key, etag, len(body))) if notify else None

    def receive(self, message: Queued) -> bool:
        """One receive of one message; True when it was done and deleted."""
        message.receives += 1
        message.visible_at = self.now() + 6 * TIMEOUT
        deadline = self.app.deadline(lambda: self.remaining)
        try:
            self.app.handle(message.record(), deadline)
        except Park:
            return False
        del self.sqs.messages[message.message_id]
        return True

    def run(self, *, hours: float = 24 * 12, receives: int = 2000) -> None:
        """Handles messages as they become visible, jumping over the waits, until none is left."""
        until = self.now() + hours * 3600
        while self.sqs.messages and receives:
            first = min(self.sqs.messages.values(), key=lambda m: m.visible_at)
            if first.visible_at > until:
                return
            if first.visible_at > self.now():
                self.advance(first.visible_at - self.now())
            self.receive(first)
            receives -= 1

    def redrive(self) -> None:
        """Moves all dead letters back into the queue, as `start-message-move-task` does."""
        dead, self.sqs.dead[:] = list(self.sqs.dead), []
        for message in dead:
            self.sqs.send(message.body, **message.attributes)

    def receipt(self, key: str) -> dict[str, Any] | None:
        """The receipt of the version of a drop that is there now."""
        etag = self.s3.objects[key].etag.strip('"')
        found = self.s3.objects.get(receipt_key((key, etag)))
        return json.loads(found.body) if found else None

    def record(self, audience: str) -> dict[str, Any]:
        """The audience's state record."""
        found = self.s3.objects[f"state/{self.sim.advertiser_id}/{audience}.json"]
        return dict(json.loads(found.body))

    def ids(self, audience: str) -> list[set[str]]:
        """The ids in each audience of that name at TikTok, in lower-case hex."""
        return [set(a["ids"]) for a in self.sim.audiences(audience)]

    def calls(self, path: str) -> list[dict[str, Any]]:
        """The calls TikTok got for a path, oldest first."""
        return [c for c in self.sim.calls() if path in c["path"]]


def event_body(key: str, etag: str, size: int, **extra: object) -> str:
    """The EventBridge event of an S3 object as it stands in a message body."""
    detail = {
        "version": "0",
        "bucket": {"name": BUCKET},
        "object": {"key": key, "size": size, "etag": etag.strip('"'), "sequencer": "00"},
        "reason": "PutObject",
    }
    return json.dumps(
        {
            "version": "0",
            "id": "e",
            "source": "aws.s3",
            "detail-type": "Object Created",
            "time": "2026-01-01T00:00:00Z",
            "detail": detail,
            **extra,
        }
    )


def hashes(start: int, count: int) -> list[str]:
    """Distinct lower-case 64-hex identifiers."""
    return [f"{n:064x}" for n in range(start + 1, start + count + 1)]


@contextmanager
def world(directory: Path, *, base: float = 30.0, **options: object) -> Iterator[World]:
    """A world with its own simulator; `options` are the simulator's."""
    with Simulator(**options) as sim:
        yield World(sim, directory, base=base)


__all__ = ["BUCKET", "DropKey", "FakeSecrets", "World", "event_body", "hashes", "world"]
