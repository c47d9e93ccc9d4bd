"""Many functions at once: one audience, and one holder of its lease."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_state import LeaseTaken, StateStore
from audience_uploader.domain.state_parts import Lease
from moto import mock_aws
from support.events import BUCKET
from support.fake_sqs import Queued
from support.virtual_clock import VirtualClock
from support.world import World, hashes, world

FOLDER = "tiktok/foodies/email_sha256/"


@pytest.mark.parametrize("functions", [2, 10])
def test_drops_of_a_new_audience_on_concurrent_functions_make_one_audience(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, functions: int
) -> None:
    with world(tmp_path_factory.mktemp("later")) as w:
        w.sim.faults.add({"kind": "slow", "value": 0.02, "endpoint": "list"})
        messages = [w.drop(FOLDER + f"{n}.csv", hashes(n * 5, 5)) for n in range(functions)]
        start = threading.Barrier(functions)

        with ThreadPoolExecutor(functions) as pool:
            done = list(pool.map(lambda m: cold_function(w, tmp_path, start)(m), messages))
        assert done.count(True) >= 1
        w.run()

        assert w.called("create") == ["create"]
        assert w.ids("foodies") == [set(hashes(0, 5 * functions))]
        assert not w.sqs.dead


def cold_function(w: World, parent: Path, start: threading.Barrier) -> Callable[[Queued], bool]:
    """Return a function of its own, with its own folder, that waits for the others to begin."""

    def handle(message: Queued) -> bool:
        folder = parent / message.message_id
        folder.mkdir()
        app = w.new_app(folder)
        start.wait(timeout=60)
        message.receives += 1
        message.visible_at = w.now() + 5400
        message.received_at = w.now()
        done = app.handle(message.record(), lambda: 900.0)
        if done:
            del w.sqs.messages[message.message_id]
        return done

    return handle


def test_forty_parts_written_together_go_out_in_one_call_that_shares_an_upload(w: World) -> None:
    for n in range(40):
        w.drop(FOLDER + f"part-{n:04}", hashes(n * 5, 5))

    w.run()

    assert w.called() == ["list", "upload", "create"]
    assert w.ids("foodies") == [set(hashes(0, 200))]
    receipts: list[Any] = [w.receipt(FOLDER + f"part-{n:04}") for n in range(40)]
    assert {r["request_id"] for r in receipts} == {receipts[0]["request_id"]}


def test_drop_written_while_its_audience_is_handled_is_not_forgotten(w: World) -> None:
    w.sim.set_options(processing_seconds=0.0)

    def write_another(path: str) -> None:
        if "create" in path:
            w.drop(FOLDER + "b.csv", hashes(5, 5))

    w.tiktok.before = write_another
    w.drop(FOLDER + "a.csv", hashes(0, 5))

    w.run()

    assert w.ids("foodies") == [set(hashes(0, 10))]
    assert w.receipt(FOLDER + "b.csv")


class AtomicPuts:
    """moto's S3 with what S3 promises and moto does not: a conditional put is one step."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._lock = threading.Lock()

    def get_object(self, **kwargs: Any) -> Any:
        return self._s3.get_object(**kwargs)

    def put_object(self, **kwargs: Any) -> Any:
        with self._lock:
            return self._s3.put_object(**kwargs)


def test_of_many_takers_exactly_one_gets_the_lease_through_real_conditional_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")  # moto answers for the real endpoints
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    clock, takers = VirtualClock(), 6
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        s3: Any = AtomicPuts(boto3.client("s3"))
        store = StateStore(JsonStore(s3, BUCKET), clock=clock.now, lease_seconds=960)
        for _ in range(4):
            read = threading.Barrier(takers)

            def take(barrier: threading.Barrier = read) -> Lease | None:
                state, etag = store.read("7000", "foodies")
                barrier.wait(timeout=60)
                try:
                    return store.acquire(state, etag).state.lease
                except LeaseTaken:
                    return None

            with ThreadPoolExecutor(takers) as pool:
                taken = [lease for lease in pool.map(lambda _: take(), range(takers)) if lease]

            assert taken == [store.read("7000", "foodies")[0].lease]
            clock.advance(961)
        stored = s3.get_object(Bucket=BUCKET, Key="state/7000/foodies.json")["Body"].read()
        assert json.loads(stored)["crashes"] == 3
