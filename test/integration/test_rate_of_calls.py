"""Calls as they are sent: several functions at once never pass their common rate in any second."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from audience_uploader.adapters.secrets import Credentials
from audience_uploader.bootstrap.runtime import Runtime
from audience_uploader.bootstrap.tiktok_access import TikTokAccess
from audience_uploader.config import Config
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.tiktok.rate_limiter import Limiter
from audience_uploader.tiktok.transport import Transport
from support.virtual_clock import VirtualClock
from support.world import World

CALLS = 25  # of each function, one right after the other


def sending_times(w: World, config: Config, begins_at: float, chance: random.Random) -> list[float]:
    """Return when one function's calls reach TikTok, each answered in up to 0.3 seconds."""
    clock, times = VirtualClock(), []
    clock.advance(begins_at)
    w.tiktok.before = lambda path: times.append(clock.now())
    w.tiktok.after = lambda path: clock.advance(0.3 * chance.random())

    def connect(token: str, limiter: Limiter) -> Transport:
        transport = Transport(w.sim.url, token, limiter=limiter)
        transport._session.mount("http://", w.tiktok)
        return transport

    runtime = Runtime(clock.now, clock.advance, chance.random, Path("unused"))
    access = TikTokAccess(config, w.app._stores.objects, w.observer, runtime, connect)
    invocation = Invocation(Deadline(lambda: 900, timeout_seconds=900), clock.now())
    credentials = Credentials(w.sim.token, w.sim.advertiser_id)
    while len(times) < CALLS:
        with access.client_for(credentials, invocation) as client:
            client.list_audiences()
    return times


def most_in_a_second(times: list[float]) -> int:
    return max(sum(at <= other < at + 1 for other in times) for at in times)


@pytest.mark.parametrize(
    ("calls_per_second", "functions"), [(8, 5), (10, 5), (8, 2), (5, 5), (20, 6), (2.5, 2)]
)
@pytest.mark.parametrize("begin", ["together", "at random"])
def test_functions_at_once_never_pass_their_common_rate_in_any_second(
    w: World, calls_per_second: float, functions: int, begin: str
) -> None:
    config = Config(
        bucket_name="b", queue_url="q", dead_letter_queue_url="d", secret_name="s",
        tiktok_api_url=w.sim.url, retry_base_delay_seconds=30, function_timeout_seconds=900,
        tiktok_calls_per_second=calls_per_second, max_concurrency=functions,
    )  # fmt: skip
    chance = random.Random(7)

    times: list[float] = []
    for _ in range(functions):
        begins_at = 0.0 if begin == "together" else 3 * chance.random()
        times += sending_times(w, config, begins_at, chance)

    assert len(times) == functions * CALLS
    assert most_in_a_second(times) <= calls_per_second
    assert len(times) / (max(times) - min(times)) > calls_per_second / 3, (
        "and is not needlessly slow"
    )


def test_functions_below_two_calls_a_second_take_turns(w: World) -> None:
    w.calls_per_second, times = 0.5, list[float]()
    w.tiktok.before = lambda path: times.append(w.now())
    w.slept = Sleeping(w)
    w.app = w.new_app()
    keys = [f"tiktok/audience-{n}/email_sha256/a.csv" for n in range(3)]
    for n, key in enumerate(keys):
        w.drop(key, [f"{n:064x}"])

    w.run()

    assert all((w.receipt(key) or {})["status"] == "delivered" for key in keys)
    assert min(b - a for a, b in pairwise(times)) >= 2
    assert "state/rate.json" in w.s3.objects


def test_simulator_with_the_rate_as_its_limit_refuses_no_call(w: World) -> None:
    w.sim.set_options(qps=8)
    w.slept = Sleeping(w)
    w.app = w.new_app()
    for n in range(12):
        w.drop(f"tiktok/audience-{n}/email_sha256/a.csv", [f"{n:064x}"])

    w.run()

    assert not [c for c in w.sim.calls() if c["code"] != 0]


class Sleeping(list[float]):
    """The world's sleep, which lets its clock run."""

    def __init__(self, w: World) -> None:
        super().__init__()
        self._w = w

    def append(self, seconds: float) -> None:
        self._w.advance(seconds)
