"""The one call that changes an audience: what stands in the state before and after each end."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore, receipt_key
from audience_uploader.adapters.s3_state import HeldLease, StateStore
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.delivery.acceptance import Acceptance
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.resend import Resend
from audience_uploader.delivery.submit import Submission
from audience_uploader.delivery.unanswered_create import CreateUnanswered, UnansweredCreate
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import Batch, SentDrop, Upload
from audience_uploader.domain.outcomes import OutOfTime, Refusal, Unavailable
from audience_uploader.observability import Observer
from audience_uploader.tiktok.errors import (
    AudienceUnknown,
    FileRefused,
    RateLimited,
    Refused,
    ServerFault,
)
from audience_uploader.tiktok.models import Audience, Change
from aws_lambda_powertools import Logger, Metrics
from support.events import BUCKET
from support.fake_s3 import FakeS3, client_error
from support.fake_sqs import FakeSQS
from support.virtual_clock import VirtualClock

HOUR = 3600.0
VERSION = ("tiktok/foodies/email_sha256/a.csv", "e")
THERE = Audience(
    "73", "foodies", "EMAIL_SHA256", is_valid=True, is_own_file=True, expired=False,
    made_by="open_api",
)  # fmt: skip
THEIRS = Audience(
    "74", "foodies", "EMAIL_SHA256", is_valid=True, is_own_file=True, expired=False, made_by="Jane"
)
OTHER_TYPE = Audience(
    "75", "foodies", "PHONE_SHA256", is_valid=True, is_own_file=True, expired=False
)


def batch() -> Batch:
    drop = SentDrop(*VERSION, 65, 0.0, {"valid": 1, "rejected": {}}, (0,))
    return Batch(0.0, "EMAIL_SHA256", [drop], [Upload("f1", 65, 1, "r0")], distinct=1)


class TikTok:
    """A TikTok whose answers are set: an error is raised, anything else returned."""

    def __init__(self) -> None:
        self.answer: Exception | None = None
        self.listed: list[Audience] = []
        self.list_error: Exception | None = None
        self.seen_in_state: Callable[[], Any] = lambda: None
        self.before_call: Any = None
        self.calls: list[str] = []

    def create(self, name: str, **_: object) -> Change:
        return self._changed("create", "73")

    def update(self, audience_id: str, **_: object) -> Change:
        return self._changed("update", audience_id)

    def list_audiences(self) -> list[Audience]:
        if self.list_error:
            raise self.list_error
        return self.listed

    def get_audience(self, audience_id: str) -> Audience | None:
        return next((a for a in self.listed if a.audience_id == audience_id), None)

    def _changed(self, call: str, audience_id: str) -> Change:
        self.calls.append(call)
        self.before_call = self.seen_in_state()
        if self.answer:
            raise self.answer
        return Change(audience_id, "r1", partial=False)


class Bench:
    """A submission under a lease, on fakes."""

    def __init__(self) -> None:
        self.clock, self.tiktok = VirtualClock(), TikTok()
        self.s3 = FakeS3(self.clock.now)
        objects = JsonStore(self.s3, BUCKET)  # type: ignore[arg-type]
        states = StateStore(objects, clock=self.clock.now, lease_seconds=960)
        self.held: HeldLease = states.acquire(*states.read("7000", "foodies"))
        self.tiktok.seen_in_state = lambda: states.read("7000", "foodies")[0]
        observer = Observer(Logger(service="b", level="CRITICAL"), Metrics(namespace="t"))
        deadline = Deadline(lambda: 900, timeout_seconds=900)
        invocation = Invocation(deadline, self.clock.now())
        writer = ReceiptWriter(ReceiptStore(objects), observer, self.clock.now, invocation)
        queue = Queue(FakeSQS(self.clock.now), url="queue", dead_letter_url="dlq")  # type: ignore[arg-type]
        drops = DropStore(self.s3, BUCKET)  # type: ignore[arg-type]
        resend = Resend(drops, ReceiptStore(objects), queue, invocation)
        self.submission = Submission(
            self.held,
            self.tiktok,  # type: ignore[arg-type]
            Acceptance(self.held, writer, resend, objects, self.clock.now),
            UnansweredCreate(self.held, self.tiktok, self.clock.now, list_lag=HOUR),  # type: ignore[arg-type]
            resend,
            self.clock.now,
        )

    @property
    def state(self) -> AudienceState:
        return self.held.state

    @property
    def receipt(self) -> Any:
        found = self.s3.objects.get(receipt_key(VERSION))
        return json.loads(found.body) if found else None


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_create_stands_in_the_state_before_it_is_sent(bench: Bench) -> None:
    bench.submission.submit(None, batch(), made_anew=None)

    assert bench.tiktok.before_call.pending_create.drops[0].version == VERSION
    assert bench.state.pending_create is None
    assert bench.state.audience_id == "73"
    assert (bench.receipt["call"], bench.receipt["request_id"]) == ("create", "r1")


def test_update_stands_in_the_state_before_it_is_sent(bench: Bench) -> None:
    bench.submission.submit(THERE, batch(), made_anew=None)

    assert bench.tiktok.before_call.changed_at == bench.clock.now()
    assert bench.tiktok.before_call.reusable_uploads.uploads[0].file_path == "f1"
    assert bench.state.reusable_uploads is None
    assert bench.receipt["call"] == "update"


def test_audience_made_anew_is_told_in_the_receipt(bench: Bench) -> None:
    bench.submission.submit(None, batch(), made_anew="It was made anew.")

    assert "It was made anew." in bench.receipt["warnings"]


@pytest.mark.parametrize("error", [RateLimited("x"), Refused("x"), OutOfTime()], ids=repr)
def test_refused_create_did_not_act_and_is_not_looked_for(bench: Bench, error: Exception) -> None:
    bench.tiktok.answer = error

    with pytest.raises(type(error)):
        bench.submission.submit(None, batch(), made_anew=None)

    assert bench.state.pending_create is None
    assert bench.receipt is None


def test_create_without_an_answer_is_found_by_list(bench: Bench) -> None:
    bench.tiktok.answer, bench.tiktok.listed = ServerFault("cut"), [THERE]

    bench.submission.submit(None, batch(), made_anew=None)

    assert bench.state.audience_id == "73"
    assert bench.receipt["call"] == "create"


def test_create_without_an_answer_that_is_not_listed_waits_and_stays_in_the_state(
    bench: Bench,
) -> None:
    bench.tiktok.answer = ServerFault("cut")

    with pytest.raises(CreateUnanswered):
        bench.submission.submit(None, batch(), made_anew=None)

    assert bench.state.pending_create


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (FileRefused("x"), CreateUnanswered),
        (AudienceUnknown("x"), CreateUnanswered),
        (ServerFault("x"), ServerFault),
        (RateLimited("x"), RateLimited),
    ],
    ids=repr,
)
def test_failed_search_for_a_create_never_lets_it_be_sent_again(
    bench: Bench, error: Exception, raised: type[Exception]
) -> None:
    bench.tiktok.answer, bench.tiktok.list_error = ServerFault("cut"), error

    with pytest.raises(raised):
        bench.submission.submit(None, batch(), made_anew=None)

    assert bench.state.pending_create
    assert bench.tiktok.calls == ["create"]


def test_audience_that_a_person_made_meanwhile_gets_the_rows_by_an_update(bench: Bench) -> None:
    bench.tiktok.answer, bench.tiktok.listed = ServerFault("cut"), [THEIRS]

    bench.submission.submit(None, batch(), made_anew=None)

    assert bench.receipt is None
    assert bench.state.audience_id == "74"
    assert bench.state.pending_create is None
    assert bench.state.reusable_uploads


def test_found_audience_of_another_type_is_refused(bench: Bench) -> None:
    bench.tiktok.answer, bench.tiktok.listed = ServerFault("cut"), [OTHER_TYPE]

    with pytest.raises(Refusal, match="other_id_type"):
        bench.submission.submit(None, batch(), made_anew=None)


@pytest.mark.parametrize(("passed", "over"), [(HOUR - 1, False), (HOUR, True)])
def test_create_that_the_list_never_showed_did_not_land_after_an_hour(
    bench: Bench, passed: float, over: bool
) -> None:
    bench.tiktok.answer = ServerFault("cut")
    with pytest.raises(CreateUnanswered):
        bench.submission.submit(None, batch(), made_anew=None)
    bench.clock.advance(passed)

    if over:
        bench.submission.finish_what_was_begun()
    else:
        with pytest.raises(CreateUnanswered):
            bench.submission.finish_what_was_begun()

    assert (bench.state.pending_create is None) is over


def test_update_that_may_have_acted_counts_as_a_change(bench: Bench) -> None:
    bench.tiktok.answer = ServerFault("cut")

    with pytest.raises(ServerFault):
        bench.submission.submit(THERE, batch(), made_anew=None)

    assert bench.state.changed_at == bench.clock.now()


@pytest.mark.parametrize("error", [RateLimited("x"), Refused("x"), OutOfTime()], ids=repr)
def test_refused_update_is_no_change(bench: Bench, error: Exception) -> None:
    bench.tiktok.answer = error

    with pytest.raises(type(error)):
        bench.submission.submit(THERE, batch(), made_anew=None)

    assert bench.state.changed_at is None
    assert bench.state.reusable_uploads


@pytest.mark.parametrize(
    ("error", "opened"), [(ServerFault("x"), True), (RateLimited("x"), False), (OutOfTime(), False)]
)
def test_what_a_set_wiped_out_is_opened_again_if_its_call_may_have_acted(
    bench: Bench, error: Exception, opened: bool
) -> None:
    bench.submission.submit(THERE, batch(), made_anew=None)
    late = Batch(0.0, "EMAIL_SHA256", action="replace", set_name="june", resends=[VERSION])
    bench.tiktok.answer = error

    with pytest.raises(type(error)):
        bench.submission.submit(THERE, late, made_anew=None)

    assert bench.tiktok.before_call.resends == [VERSION]
    assert (bench.receipt is None) is opened
    assert bench.state.resends == []


def test_set_that_was_never_sent_wiped_out_nothing(bench: Bench) -> None:
    def fail(operation: str, key: str) -> None:
        if operation == "put":
            raise client_error("SlowDown", 503)

    late = Batch(0.0, "EMAIL_SHA256", action="replace", set_name="june", resends=[VERSION])
    bench.s3.before = fail

    with pytest.raises(Unavailable):
        bench.submission.submit(THERE, late, made_anew=None)

    assert bench.state.resends == []


def test_receipts_that_an_earlier_try_owes_are_written_once(bench: Bench) -> None:
    def fail(operation: str, key: str) -> None:
        if operation == "put" and key.startswith("receipts/"):
            raise ZeroDivisionError

    bench.s3.before = fail
    with pytest.raises(ZeroDivisionError):
        bench.submission.submit(THERE, batch(), made_anew=None)
    assert bench.state.accepted
    bench.s3.before = lambda operation, key: None

    bench.submission.finish_what_was_begun()

    assert bench.receipt["request_id"] == "r1"
    assert bench.state.accepted is None
    assert bench.tiktok.calls == ["update"]
