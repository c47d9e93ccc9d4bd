"""Anything that can happen to the deployed stack, as rules in any order, and what must hold."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.fake_s3 import client_error
from support.killer import Killed, Killer
from support.world import HOUR, World, event_body, hashes, world

NAMES = ("foodies", "a+b %25&ü")
FILES = ("a.csv", "b.csv", "run/part-1")
FORMATS = ("email_sha256", "EMAIL_SHA256")
POISON = {
    b"jane@example.com\n": "no_valid_rows",
    b"\x1f\x8b\x08\x00broken": "damaged_gzip",
    b"PAR1" + bytes(40): "unsupported_content",
}
BUSY = "Audience is not editable, please check audience status"
FAULTS: list[dict[str, Any]] = [
    *({"kind": kind} for kind in ("cut_before", "cut_after", "truncate", "not_json")),
    {"kind": "http", "value": 502},
    {"kind": "http", "value": 504, "effect": True},
    {"kind": "wrong_shape", "value": "missing"},
    *({"kind": "code", "value": c} for c in (40100, 40105, 40202, 40905, 50002, 40006)),
    {"kind": "code", "value": 51003, "effect": True},
    {"kind": "code", "value": 40002, "message": BUSY},
]
SECRETS = ("wrong token", "placeholder", "unreadable", "right")
RIGHT = "right"

names = st.sampled_from(NAMES)
keys = st.builds("tiktok/{}/{}/{}".format, names, st.sampled_from(FORMATS), st.sampled_from(FILES))
options = st.fixed_dictionaries(
    {
        "processing_seconds": st.sampled_from([0.0, 2 * HOUR, 48 * HOUR]),
        "list_lag_seconds": st.sampled_from([0.0, 600.0, 3500.0]),
        "valid_during_update": st.booleans(),
        "list_order": st.sampled_from(["newest", "unstable"]),
        "single_use_files": st.booleans(),
    }
)


class Uploader(RuleBasedStateMachine):
    """The stack, and beside it what was dropped: per key the ids, or the reason to refuse it."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(prefix="uploader-model-")
        self.good: dict[str, set[str]] = {}
        self.poison: dict[str, str] = {}
        self.ever: dict[str, set[str]] = {name: set() for name in NAMES}
        self.numbers = 0

    @initialize(chosen=options, first=st.none() | st.sampled_from(FAULTS))
    def begin(self, chosen: dict[str, Any], first: dict[str, Any] | None) -> None:
        self.context = world(Path(self.directory.name), **chosen)
        self.w: World = self.context.__enter__()
        if first:  # there are few creates in a run, and they are what matters most
            self.w.sim.faults.add({**first, "endpoint": "create", "times": 1})

    @rule(key=keys, count=st.integers(1, 4))
    def drop(self, key: str, count: int) -> None:
        ids = hashes(self.numbers, count)
        self.numbers += count
        self.w.drop(key, ids)
        self.good[key] = set(ids)
        self.poison.pop(key, None)
        self.ever[key.split("/")[1]] |= set(ids)

    @rule(key=keys, body=st.sampled_from(sorted(POISON)))
    def drop_poison(self, key: str, body: bytes) -> None:
        self.w.drop(key, body)
        self.poison[key] = POISON[body]
        self.good.pop(key, None)

    @precondition(lambda self: self.good or self.poison)
    @rule(data=st.data(), replay=st.booleans())
    def event_comes_again(self, data: st.DataObject, replay: bool) -> None:
        key = data.draw(st.sampled_from(sorted({*self.good, *self.poison})))
        stored = self.w.s3.objects[key]
        extra = {"replay-name": "again"} if replay else {}
        self.w.sqs.send(event_body(key, stored.etag, len(stored.body), **extra))

    @precondition(lambda self: self.w.sqs.messages)
    @rule(data=st.data(), early=st.booleans())
    def receive(self, data: st.DataObject, early: bool) -> None:
        found = list(self.w.sqs.messages.values()) if early else self.w.sqs.visible()
        if found:
            self.w.receive(data.draw(st.sampled_from(found)))

    @precondition(lambda self: self.w.sqs.visible())
    @rule(data=st.data(), at=st.integers(0, 20), after=st.booleans(), others=st.booleans())
    def receive_and_die(self, data: st.DataObject, at: int, after: bool, others: bool) -> None:
        message = data.draw(st.sampled_from(self.w.sqs.visible()))
        Killer(self.w, at=at // 3 if after else at, after=after)
        try:
            self.w.receive(message)
        except Killed:
            self.w.app = self.w.new_app()
        Killer(self.w)
        if others:
            self.w.run(hours=1, receives=40)

    @precondition(lambda self: self.w.sqs.messages)
    @rule(hours=st.sampled_from([1, 6, 50]))
    def work(self, hours: int) -> None:
        self.w.run(hours=hours, receives=40)

    @rule(
        fault=st.sampled_from(FAULTS),
        endpoint=st.sampled_from(["*", "list", "get", "upload", "create", "update"]),
        times=st.integers(1, 4),
    )
    def tiktok_fails(self, fault: dict[str, object], endpoint: str, times: int) -> None:
        self.w.sim.faults.add({**fault, "endpoint": endpoint, "times": times})

    @rule(operation=st.sampled_from(["get", "put", "list", "head"]), times=st.integers(1, 3))
    def s3_fails(self, operation: str, times: int) -> None:
        left = [times]

        def fail(called: str, key: str) -> None:
            if called == operation and left[0]:
                left[0] -= 1
                raise client_error("SlowDown", 503)

        self.w.s3.before = fail

    @rule(minutes=st.sampled_from([1, 16, 61, 6 * 60, 49 * 60, 5 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.w.advance(minutes * 60)

    @rule(how=st.sampled_from(SECRETS))
    def secret_is_set(self, how: str) -> None:
        tokens = {RIGHT: self.w.sim.token, "placeholder": "replace-with-your-token"}
        token = tokens.get(how, "wrong")
        self.w.secrets.put(ACCESS_TOKEN=token, ADVERTISER_ID=self.w.sim.advertiser_id)
        self.w.secrets.error = (
            client_error("AccessDeniedException") if how == "unreadable" else None
        )

    @rule()
    def cold_start(self) -> None:
        self.w.app = self.w.new_app()

    @precondition(lambda self: self.w.sqs.dead)
    @rule()
    def dead_letters_are_redriven(self) -> None:
        self.w.redrive()

    @invariant()
    def there_are_never_two_audiences_of_a_name(self) -> None:
        if hasattr(self, "w"):
            rows = self.w.sim.world.audiences(self.w.sim.advertiser_id).values()
            found = [audience.name for audience in rows]
            assert len(found) == len(set(found)), found

    @invariant()
    def nothing_but_what_was_dropped_is_in_an_audience(self) -> None:
        for name in NAMES if hasattr(self, "w") else ():
            for ids in self.w.ids(name):
                assert ids <= self.ever[name]

    def teardown(self) -> None:
        """Once all is well again, all good drops arrive, and each bad one is in the DLQ once."""
        if hasattr(self, "w"):
            try:
                self._all_is_well_again()
                self._check_end()
            finally:
                self.context.__exit__(None, None, None)
        self.directory.cleanup()

    def _all_is_well_again(self) -> None:
        Killer(self.w)
        self.w.sim.faults.clear()
        self.secret_is_set(RIGHT)
        self.w.run()
        self.w.redrive()
        self.w.run()

    def _check_end(self) -> None:
        w = self.w
        assert not w.sqs.messages
        for key, ids in self.good.items():
            receipt: Any = w.receipt(key)
            assert receipt, f"{key} has no receipt"
            assert receipt["status"] == "delivered", receipt
            [found] = w.ids(key.split("/")[1])
            assert ids <= found
        dead = [(_key(m.body), m.attributes["ErrorReason"]) for m in w.sqs.dead]
        assert sorted(dead) == sorted(self.poison.items())


def _key(body: str) -> str:
    return str(json.loads(body)["detail"]["object"]["key"])
