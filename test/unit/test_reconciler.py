"""One try for an audience: its wait, its lease, and the end that is written into the state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_state import HeldLease, StateStore
from audience_uploader.adapters.secrets import Credentials, CredentialsMissing
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.reconciler import Reconciler
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import DeadLetter, Done, Outcome, Refusal, RetryLater
from audience_uploader.domain.state_parts import Wait
from audience_uploader.observability import Observer
from audience_uploader.tiktok.errors import AudienceBusy, CredentialsRefused, ServerFault
from aws_lambda_powertools import Logger, Metrics
from support.events import BUCKET
from support.fake_s3 import FakeS3
from support.virtual_clock import VirtualClock

DROP = Drop(parse_key("tiktok/foodies/email_sha256/a.csv"), "e", 65, 0.0)
OTHER = Drop(parse_key("tiktok/foodies/email_sha256/b.csv"), "e", 65, 0.0)
Act = Callable[[Credentials, AudienceState], Outcome]


class Secret:
    """A secret whose cached value may be older than what is in it."""

    def __init__(self) -> None:
        self.cached = self.real = Credentials("token", "7000")
        self.missing = False

    def get(self, *, fresh: bool = False) -> Credentials:
        if self.missing:
            raise CredentialsMissing("ACCESS_TOKEN in the secret is empty")
        return self.real if fresh else self.cached


class Bench:
    """A reconciler whose deliveries do what `act` does; `alone` is how each was asked to run."""

    def __init__(self) -> None:
        self.clock, self.secret = VirtualClock(), Secret()
        objects = JsonStore(FakeS3(self.clock.now), BUCKET)  # type: ignore[arg-type]
        self.states = StateStore(objects, clock=self.clock.now, lease_seconds=960)
        self.act: Act = lambda credentials, state: Done()
        self.alone: list[bool] = []
        self.reconciler = Reconciler(
            self.states,
            self.secret,  # type: ignore[arg-type]
            self.delivery,
            Observer(Logger(service="r", level="CRITICAL"), Metrics(namespace="t")),
            clock=self.clock.now,
            random=lambda: 0.5,
            base=30,
        )

    @contextmanager
    def delivery(
        self, held: HeldLease, invocation: Invocation, credentials: Credentials
    ) -> Iterator[Any]:
        bench = self

        class Delivery:
            def run(self, own: Drop, *, alone: bool) -> Outcome:
                bench.alone.append(alone)
                return bench.act(credentials, held.state)

        yield Delivery()

    def reconcile(self, drop: Drop = DROP) -> Outcome:
        deadline = Deadline(lambda: 900, timeout_seconds=900)
        return self.reconciler.reconcile(drop, Invocation(deadline, self.clock.now()))

    @property
    def state(self) -> AudienceState:
        return self.states.read("7000", "foodies")[0]

    def die(self, drop: Drop = DROP) -> None:
        """Take the lease as a function does that is never heard of again."""
        self.states.acquire(*self.states.read("7000", "foodies"), drop=drop.key.key)
        self.clock.advance(961)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def raising(error: Exception) -> Act:
    def act(credentials: Credentials, state: AudienceState) -> Outcome:
        raise error

    return act


def test_try_that_went_well_leaves_no_wait_and_no_lease(bench: Bench) -> None:
    assert bench.reconcile() == Done()

    assert (bench.state.lease, bench.state.wait, bench.state.crashes) == (None, None, 0)


def test_wait_belongs_to_the_audience_and_is_kept_by_its_other_messages(bench: Bench) -> None:
    bench.act = raising(ServerFault("x", code=50002))
    assert bench.reconcile() == RetryLater("transient", 30, "50002", bench.clock.now())
    bench.clock.advance(10)

    assert bench.reconcile(OTHER) == RetryLater("transient", 20, "50002", bench.clock.now() - 10)
    assert len(bench.alone) == 1


def test_refusal_is_the_messages_own_and_leaves_the_audiences_wait(bench: Bench) -> None:
    bench.act = raising(AudienceBusy("x"))
    bench.reconcile()
    bench.clock.advance(900)
    bench.act = raising(Refusal("other_id_type", "Use another name."))

    assert bench.reconcile() == DeadLetter("other_id_type", "Use another name.")

    assert bench.state.wait
    assert bench.state.wait.kind == "audience_busy"
    assert bench.state.lease is None


def test_held_lease_is_waited_for_at_random(bench: Bench) -> None:
    bench.states.acquire(*bench.states.read("7000", "foodies"))

    assert bench.reconcile() == RetryLater("lease_taken", 30 * 2.5)


def test_lease_lost_on_the_way_is_as_one_that_is_taken(bench: Bench) -> None:
    def act(credentials: Credentials, state: AudienceState) -> Outcome:
        bench.clock.advance(961)
        bench.states.acquire(*bench.states.read("7000", "foodies"))
        return Done()

    bench.act = act

    assert bench.reconcile() == RetryLater("lease_taken", 30 * 2.5)


def test_refused_credentials_are_read_anew_once_and_used_within_the_try(bench: Bench) -> None:
    def act(credentials: Credentials, state: AudienceState) -> Outcome:
        if credentials.access_token == "token":
            raise CredentialsRefused("x", code=40105)
        return Done()

    bench.act = act
    bench.secret.real = Credentials("new", "7000")

    assert bench.reconcile() == Done()


def test_refused_credentials_that_nobody_changed_make_the_audience_wait(bench: Bench) -> None:
    bench.act = raising(CredentialsRefused("x", code=40105))

    assert bench.reconcile() == RetryLater("credentials", 300, "40105", bench.clock.now())
    assert len(bench.alone) == 1


def test_missing_credentials_wait_without_a_state(bench: Bench) -> None:
    bench.secret.missing = True

    detail = "ACCESS_TOKEN in the secret is empty"
    assert bench.reconcile() == RetryLater("credentials", 300, detail=detail)
    assert bench.state == AudienceState("7000", "foodies")


@pytest.mark.parametrize(
    ("crashes", "own", "given_up"),
    [(4, True, False), (5, True, True), (5, False, False), (10, False, True)],
)
def test_crashes_in_a_row_dead_letter_the_message_whose_drop_they_died_with(
    bench: Bench, crashes: int, own: bool, given_up: bool
) -> None:
    for _ in range(crashes):
        bench.die(DROP if own else OTHER)

    outcome = bench.reconcile()

    assert (isinstance(outcome, DeadLetter) and outcome.reason == "crashed") is given_up
    assert bench.state.crashes == 0


@pytest.mark.parametrize(("crashes", "alone"), [(2, False), (3, True)])
def test_after_three_crashes_only_the_messages_own_drop_is_taken(
    bench: Bench, crashes: int, alone: bool
) -> None:
    for _ in range(crashes):
        bench.die()

    bench.reconcile()

    assert bench.alone == [alone]


def test_bug_waits_and_is_given_up_on_at_the_fifth(bench: Bench) -> None:
    bench.act = raising(ZeroDivisionError())
    outcomes = []
    for _ in range(5):
        outcomes.append(bench.reconcile())
        bench.clock.advance(900)

    assert [type(o) for o in outcomes] == [RetryLater] * 4 + [DeadLetter]
    assert bench.alone == [False, False, False, True, True]


def test_damaged_state_is_a_dead_letter_of_its_own(bench: Bench) -> None:
    bench.states._objects.put("state/7000/foodies.json", {"nothing": 1})

    outcome = bench.reconcile()

    assert isinstance(outcome, DeadLetter)
    assert outcome.reason == "damaged_record"


def test_wait_of_the_year_2099_is_over(bench: Bench) -> None:
    far = 4_070_908_800.0
    state = AudienceState("7000", "foodies", wait=Wait(backoff.TRANSIENT, 0, far, far, "k"))
    bench.states.write(state, None)

    assert bench.reconcile() == Done()
