"""The lease: taken by one, taken over when expired, lost, released."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_state import HeldLease, LeaseTaken, StateStore
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.outcomes import Unavailable
from audience_uploader.domain.state_parts import Lease
from support.events import BUCKET
from support.fake_s3 import FakeS3, client_error
from support.virtual_clock import VirtualClock

KEY = "state/7000/foodies.json"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def s3(clock: VirtualClock) -> FakeS3:
    return FakeS3(clock.now)


@pytest.fixture
def store(s3: FakeS3, clock: VirtualClock) -> StateStore:
    return StateStore(JsonStore(s3, BUCKET), clock=clock.now, lease_seconds=960)  # type: ignore[arg-type]


def acquire(store: StateStore) -> HeldLease:
    return store.acquire(*store.read("7000", "foodies"))


def test_lease_is_stored_with_owner_and_expiry_where_a_person_finds_it(
    store: StateStore, s3: FakeS3, clock: VirtualClock
) -> None:
    held = acquire(store)

    found, _ = store.read("7000", "foodies")
    assert list(s3.objects) == [KEY]
    assert found.lease == held.state.lease
    assert found.lease
    assert found.lease.expires_at == clock.now() + 960


def test_held_lease_is_refused_to_others_until_it_is_released(store: StateStore) -> None:
    held = acquire(store)

    with pytest.raises(LeaseTaken):
        acquire(store)

    held.state.audience_id = "73"
    held.release()
    again = acquire(store)
    assert again.state.audience_id == "73"
    assert again.state.crashes == 0


def test_expired_lease_is_taken_over_and_counts_as_a_crash(
    store: StateStore, clock: VirtualClock
) -> None:
    crashes = []
    for _ in range(3):
        crashes.append(acquire(store).state.crashes)
        clock.advance(960)

    last = acquire(store)
    last.release()
    assert [*crashes, last.state.crashes] == [0, 1, 2, 0]


def test_lease_of_one_second_left_is_not_taken_over(store: StateStore, clock: VirtualClock) -> None:
    acquire(store)
    clock.advance(959)

    with pytest.raises(LeaseTaken):
        acquire(store)


@pytest.mark.parametrize("act", [HeldLease.save, HeldLease.release], ids=["save", "release"])
def test_holder_that_was_taken_over_can_neither_save_nor_release(
    store: StateStore, clock: VirtualClock, act: Callable[[HeldLease], None]
) -> None:
    late = acquire(store)
    clock.advance(961)
    owner = acquire(store).state.lease

    with pytest.raises(LeaseTaken):
        act(late)

    assert store.read("7000", "foodies")[0].lease == owner


def test_holder_whose_record_was_deleted_loses_its_lease(store: StateStore, s3: FakeS3) -> None:
    held = acquire(store)
    del s3.objects[KEY]

    with pytest.raises(LeaseTaken):
        held.save()


def test_write_that_arrived_although_it_was_refused_counts_as_written(
    store: StateStore, s3: FakeS3
) -> None:
    def refuse_the_second_try(operation: str, key: str) -> None:
        if operation == "put":
            raise client_error("PreconditionFailed", 412)

    s3.after = refuse_the_second_try
    held = acquire(store)

    s3.after = lambda operation, key: None
    held.state.audience_id = "73"
    held.release()
    assert store.read("7000", "foodies")[0].audience_id == "73"


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "AccessDenied"])
def test_failing_s3_is_unavailable_and_never_taken_for_an_absent_record(
    store: StateStore, s3: FakeS3, code: str
) -> None:
    def fail(operation: str, key: str) -> None:
        raise client_error(code, 503)

    s3.before = fail

    with pytest.raises(Unavailable, match=code):
        store.read("7000", "foodies")
    with pytest.raises(Unavailable, match=code):
        store.acquire(AudienceState("7000", "foodies"), None)


@pytest.mark.parametrize("expired", [False, True], ids=["no record yet", "expired lease"])
def test_of_many_takers_at_once_exactly_one_gets_the_lease(
    store: StateStore, clock: VirtualClock, expired: bool
) -> None:
    if expired:
        acquire(store)
        clock.advance(961)
    takers = 8
    for _ in range(20):
        state_is_read = threading.Barrier(takers)

        def take(barrier: threading.Barrier = state_is_read) -> Lease | None:
            record, etag = store.read("7000", "foodies")
            barrier.wait(timeout=60)
            try:
                return store.acquire(record, etag).state.lease
            except LeaseTaken:
                return None

        with ThreadPoolExecutor(takers) as pool:
            taken = [lease for lease in pool.map(lambda _: take(), range(takers)) if lease]

        assert taken == [store.read("7000", "foodies")[0].lease]
        clock.advance(961)
