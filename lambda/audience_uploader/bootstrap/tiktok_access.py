"""Clients of TikTok's API that keep the deployment's rate and the invocation's deadline."""

from collections.abc import Iterator
from contextlib import contextmanager

from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_rate import SharedRate
from audience_uploader.adapters.secrets import Credentials
from audience_uploader.bootstrap.runtime import Connect, Runtime
from audience_uploader.config import Config
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.domain.outcomes import OutOfTime
from audience_uploader.observability import Observer
from audience_uploader.tiktok.advertiser_requests import Requests
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.rate_limiter import Limiter, RateLimiter, interval_between_calls
from audience_uploader.tiktok.retry import RetryPolicy
from audience_uploader.tiktok.transport import Transport

_BASE_TO_FIRST_WAIT = 30  # the first wait within an invocation is so much shorter than the base


class TikTokAccess:
    """Opens clients that share one rate: this deployment's share of TikTok's limit."""

    def __init__(
        self,
        config: Config,
        objects: JsonStore,
        observer: Observer,
        runtime: Runtime,
        connect: Connect,
    ) -> None:
        self._base = config.retry_base_delay_seconds
        self._observer = observer
        self._runtime = runtime
        self._connect = connect
        self._limiter = _limiter(config, objects, runtime)

    @contextmanager
    def client_for(
        self, credentials: Credentials, invocation: Invocation
    ) -> Iterator[TikTokClient]:
        """Give a client for the advertiser of these credentials; closed at the end."""
        transport = self._connect(credentials.access_token, self._limiter)
        try:
            yield self._client(transport, credentials, invocation.deadline)
        finally:
            transport.close()

    def _client(
        self, transport: Transport, credentials: Credentials, deadline: Deadline
    ) -> TikTokClient:
        runtime = self._runtime
        first_wait = self._base / _BASE_TO_FIRST_WAIT
        requests = Requests(
            transport,
            credentials.advertiser_id,
            retry=RetryPolicy(first_wait, runtime.sleep, runtime.random, out_of_time=(OutOfTime,)),
            time_left=deadline.for_calls,
            observe=self._observer.tiktok_call,
        )
        return TikTokClient(requests, clock=runtime.clock)


def _limiter(config: Config, objects: JsonStore, runtime: Runtime) -> Limiter:
    rate, functions = config.tiktok_calls_per_second, config.max_concurrency
    if int(rate) < functions:
        return SharedRate(objects, rate, clock=runtime.clock, sleep=runtime.sleep)
    interval = interval_between_calls(rate, functions=functions)
    return RateLimiter(interval, clock=runtime.clock, sleep=runtime.sleep)
