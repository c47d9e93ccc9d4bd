"""Turns by an object in S3: two functions pass a rate below two a second in no second."""

import json
import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_rate import KEY, SharedRate
from audience_uploader.domain.outcomes import Unavailable
from support.events import BUCKET
from support.fake_s3 import FakeS3, client_error
from support.virtual_clock import VirtualClock

Wait = Callable[[], None]


class Account:
    """S3 and a clock that runs while functions sleep and while S3 works."""

    def __init__(self, rate: float, *, seed: int = 1) -> None:
        self.clock = VirtualClock()
        self.s3 = FakeS3(self.clock.now)
        self.sent: list[float] = []
        self._rate = rate
        self._chance = random.Random(seed)
        self.meanwhile: Wait = lambda: None
        self.s3.before = self._work

    def function(self) -> Wait:
        """Return what sends a call of one more function, when it is its turn."""
        objects = JsonStore(self.s3, BUCKET)  # type: ignore[arg-type]
        turns = SharedRate(objects, self._rate, clock=self.clock.now, sleep=self._sleep)

        def call() -> None:
            turns.wait()
            self.sent.append(self.clock.now())

        return call

    def _work(self, operation: str, key: str) -> None:
        self.clock.advance(self._chance.choice([0.01, 0.1]))
        if operation == "put":
            self._other()

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds * self._chance.random())
        self._other()
        self.clock.advance(seconds)

    def _other(self) -> None:
        """Let the other function run, if it does not already."""
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        if self._chance.random() < 0.4:
            meanwhile()
        self.meanwhile = meanwhile


@pytest.mark.parametrize("rate", [1.9, 1.5, 1, 0.5, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_two_functions_pass_the_rate_in_no_second_and_are_not_needlessly_slow(
    rate: float, seed: int
) -> None:
    account = Account(rate, seed=seed)
    call, account.meanwhile = account.function(), account.function()

    for _ in range(30):
        call()

    sent = sorted(account.sent)
    span = 1 / min(rate, 1)
    assert len(sent) > 30, "the other one sent some too"
    assert min(b - a for a, b in pairwise(sent)) >= span
    assert sent[-1] - sent[0] < 3 * span * len(sent)


def test_a_function_that_comes_late_waits_for_nothing() -> None:
    account = Account(1)
    call = account.function()
    call()
    account.clock.advance(60)
    before = account.clock.now()

    call()

    assert account.clock.now() - before <= 0.2, "two calls of S3"


@pytest.mark.parametrize(
    "stored",
    ["{", "[]", "{}", '{"next_call_at": "x"}', '{"next_call_at": null}', '{"next_call_at": 9e15}'],
    ids=["damaged", "no object", "empty", "a text", "null", "a far future"],
)
def test_what_is_stored_stops_nobody(stored: str) -> None:
    account = Account(0.5)
    account.s3.store(KEY, stored.encode())
    before = account.clock.now()

    account.function()()

    assert account.clock.now() - before < 6
    now = account.clock.now()
    assert json.loads(account.s3.objects[KEY].body)["next_call_at"] == pytest.approx(
        now + 2.5, abs=0.2
    )


def test_s3_that_fails_is_unavailable() -> None:
    account = Account(1)

    def fail(operation: str, key: str) -> None:
        raise client_error("SlowDown", 503)

    account.s3.before = fail

    with pytest.raises(Unavailable, match="s3"):
        account.function()()
    assert not account.sent
