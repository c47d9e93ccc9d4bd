"""One audience under its lease: what is sent, what waits, and what becomes of the message."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.s3_state import StateStore
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.deadline import Deadline, Invocation
from audience_uploader.delivery.deliver import Delivery
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.find_audience import Found
from audience_uploader.delivery.outcome_writer import OutcomeWriter
from audience_uploader.delivery.pending import Listed
from audience_uploader.delivery.plan import Plan
from audience_uploader.delivery.receipt_writer import ReceiptWriter
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import DeadLetter, Done, Outcome, RetryLater
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.state_parts import Wait
from audience_uploader.observability import Observer
from audience_uploader.tiktok.errors import AudienceUnknown
from audience_uploader.tiktok.models import Audience
from aws_lambda_powertools import Logger, Metrics
from support.events import BUCKET
from support.fake_s3 import FakeS3
from support.fake_sqs import FakeSQS
from support.virtual_clock import VirtualClock

FOLDER = "tiktok/foodies/email_sha256/"
BASE = 30.0
SETTLE = 60.0


@dataclass
class Pending:
    """What lies in the bucket for the audience: `done` are versions with a receipt."""

    drops: list[Drop] = field(default_factory=list)
    done: set[tuple[str, str]] = field(default_factory=set)

    def of(self, audience: str, calculate_type: str) -> Listed:
        return Listed(list(self.drops), {d.version for d in self.drops} - self.done)


@dataclass
class Directory:
    """What TikTok shows of the audience at each search; the last one stays."""

    shown: list[Found] = field(default_factory=lambda: [Found(None)])
    searches: int = 0

    def find(self) -> Found:
        self.searches += 1
        return self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]

    def editable(self, audience: Audience, calculate_type: str) -> Audience:
        return audience


@dataclass
class Sent:
    """One call as it reached TikTok: the keys in it, the audience (None: created), a warning."""

    keys: list[str]
    audience_id: str | None
    made_anew: str | None


@dataclass
class Sender:
    """Concludes what it is given, `most` drops a call; `unknown` ids are refused by TikTok."""

    calls: list[Sent] = field(default_factory=list)
    most: int = 100
    unknown: set[str] = field(default_factory=set)
    refuses: DeadLetter | None = None

    def send(
        self,
        plan: Plan,
        audience: Audience | None,
        ends: DropOutcomes,
        *,
        made_anew: str | None = None,
        last: bool = False,
    ) -> None:
        audience_id = audience.audience_id if audience else None
        if audience_id in self.unknown and not last:
            raise AudienceUnknown("x", code=40007)
        if self.refuses:
            ends.own = self.refuses
            return
        sent = plan.drops[: self.most]
        self.calls.append(Sent([d.key.key for d in sent], audience_id, made_anew))
        ends.concluded |= {d.version for d in sent}
        ends.left_over = len(plan.drops) > len(sent)


class Nothing:
    def finish_what_was_begun(self) -> None:
        """Nothing was begun."""


class Bench:
    """The delivery of one audience; TikTok and the reading of files are small fakes."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.s3 = FakeS3(self.clock.now)
        objects = JsonStore(self.s3, BUCKET)  # type: ignore[arg-type]
        states = StateStore(objects, clock=self.clock.now, lease_seconds=960)
        self.held = states.acquire(*states.read("7000", "foodies"), drop="a key")
        self.state = self.held.state
        self.pending, self.directory, self.sender = Pending(), Directory(), Sender()
        observer = Observer(Logger(service="d", level="CRITICAL"), Metrics(namespace="t"))
        queue = Queue(FakeSQS(self.clock.now), url="queue", dead_letter_url="dlq")  # type: ignore[arg-type]
        receipts, drops = ReceiptStore(objects), DropStore(self.s3, BUCKET)  # type: ignore[arg-type]
        rejections = Rejections(queue, objects, drops, observer, self.clock.now)
        self.invocation = Invocation(Deadline(lambda: 900, timeout_seconds=900), self.clock.now())
        conclusions = Conclusions(
            self.state,
            rejections,
            ReceiptWriter(receipts, observer, self.clock.now, self.invocation),
            Skips(receipts, observer, self.clock.now),
            self.invocation,
            self.clock.now,
            base=BASE,
        )
        self.delivery = Delivery(
            self.held,
            self.pending,  # type: ignore[arg-type]
            self.directory,  # type: ignore[arg-type]
            Nothing(),  # type: ignore[arg-type]
            self.sender,  # type: ignore[arg-type]
            conclusions,
            OutcomeWriter(objects, receipts, rejections, observer, self.clock.now),
            self.invocation,
            self.clock.now,
            Rhythm(BASE, SETTLE),
        )

    def drop(self, name: str, *, age: float = 3600.0) -> Drop:
        """Add a drop that was written `age` seconds ago."""
        made = Drop(parse_key(FOLDER + name), f"etag-{name}", 65, self.clock.now() - age)
        self.pending.drops.append(made)
        return made

    def run(self, own: Drop, *, alone: bool = False) -> Outcome:
        return self.delivery.run(own, alone=alone)

    @property
    def sent(self) -> list[list[str]]:
        """Return the names of the files in each call."""
        return [[key.removeprefix(FOLDER) for key in call.keys] for call in self.sender.calls]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def audience(id_: str = "73", **more: Any) -> Audience:
    return Audience(id_, "foodies", "EMAIL_SHA256", True, True, False, **more)


def test_all_that_is_pending_goes_out_in_one_call_and_the_message_is_done(bench: Bench) -> None:
    own = bench.drop("a.csv")
    bench.drop("b.csv")

    assert bench.run(own) == Done()

    assert bench.sent == [["a.csv", "b.csv"]]


def test_nothing_pending_is_done_and_nothing_is_asked_of_tiktok(bench: Bench) -> None:
    own = bench.drop("a.csv")
    bench.pending.done.add(own.version)

    assert bench.run(own) == Done()

    assert (bench.sent, bench.directory.searches) == ([], 0)


def test_drop_that_is_gone_is_done_and_those_beside_it_are_sent(bench: Bench) -> None:
    gone = bench.drop("gone.csv")
    bench.pending.drops.clear()
    bench.drop("b.csv")

    assert bench.run(gone) == Done()

    assert bench.sent == [["b.csv"]]


def test_alone_only_the_messages_own_drop_is_sent(bench: Bench) -> None:
    bench.drop("a.csv")
    own = bench.drop("b.csv")

    assert bench.run(own, alone=True) == Done()

    assert bench.sent == [["b.csv"]]


def test_alone_a_part_of_a_set_brings_its_whole_set_and_no_other(bench: Bench) -> None:
    parts = [bench.drop(f"replace/june/{n}.csv") for n in range(2)]
    bench.drop("replace/july/0.csv")
    bench.drop("a.csv")

    assert bench.run(parts[1], alone=True) == Done()

    assert bench.sent == [["replace/june/0.csv", "replace/june/1.csv"]]


def test_more_than_a_call_takes_is_tried_again_at_once(bench: Bench) -> None:
    bench.sender.most = 1
    bench.drop("a.csv", age=7200)
    own = bench.drop("b.csv")

    assert bench.run(own) == RetryLater("more_to_do", 0)


def test_append_that_waits_for_its_turn_is_tried_again_at_once(bench: Bench) -> None:
    bench.drop("remove/a.csv", age=7200)
    own = bench.drop("b.csv")
    bench.state.last_action = "append"
    bench.directory.shown = [Found(audience())]

    assert bench.run(own) == RetryLater("more_to_do", 0)

    assert bench.sent == [["remove/a.csv"]]


def test_own_drop_that_waits_for_itself_comes_back_when_its_wait_is_over(bench: Bench) -> None:
    own = bench.drop("a.csv")
    bench.drop("b.csv")
    now = bench.clock.now()
    bench.state.drop_waits[own.key.key] = Wait(
        "unreadable", 0, now - 100, now + 200, own.key.key, "AccessDenied"
    )

    assert bench.run(own) == RetryLater("unreadable", 200, "AccessDenied", now - 100)

    assert bench.sent == [["b.csv"]]


def test_waits_of_drops_that_are_concluded_are_forgotten_those_of_another_format_stay(
    bench: Bench,
) -> None:
    own, done = bench.drop("a.csv"), bench.drop("done.csv")
    bench.pending.done.add(done.version)
    elsewhere = "tiktok/foodies/phone_sha256/c.csv"
    now = bench.clock.now()
    for key in (done.key.key, elsewhere):
        bench.state.drop_waits[key] = Wait("unreadable", 0, now, now + 200, key)

    bench.run(own)

    assert list(bench.state.drop_waits) == [elsewhere]


def test_set_that_is_being_written_holds_everything_until_it_may_be_complete(
    bench: Bench,
) -> None:
    own = bench.drop("a.csv")
    bench.drop("replace/june/0.csv", age=SETTLE - 20)

    assert bench.run(own) == RetryLater(backoff.SET_INCOMPLETE, 20)

    assert (bench.sent, bench.directory.searches) == ([], 0)


def test_refusal_of_the_own_drop_is_the_outcome(bench: Bench) -> None:
    bench.sender.refuses = DeadLetter("too_big", "Split the file.")

    assert bench.run(bench.drop("a.csv")) == DeadLetter("too_big", "Split the file.")


def test_audience_that_was_found_is_remembered_and_gets_the_drops(bench: Bench) -> None:
    bench.directory.shown = [Found(audience("73"))]

    bench.run(bench.drop("a.csv"))

    assert bench.state.audience_id == "73"
    assert [call.audience_id for call in bench.sender.calls] == ["73"]


def test_audience_that_took_the_name_of_the_remembered_one_is_remembered_instead(
    bench: Bench,
) -> None:
    bench.state.audience_id = "73"
    bench.directory.shown = [Found(audience("74"), replaces=True)]

    bench.run(bench.drop("a.csv"))

    assert bench.state.audience_id == "74"


def test_audience_unknown_at_tiktok_is_searched_again_and_the_drops_go_there(
    bench: Bench,
) -> None:
    bench.sender.unknown = {"73"}
    bench.directory.shown = [Found(audience("73")), Found(audience("74"))]

    assert bench.run(bench.drop("a.csv")) == Done()

    assert [call.audience_id for call in bench.sender.calls] == ["74"]
    assert bench.state.audience_id == "74"


def test_audience_unknown_and_nowhere_found_is_made_anew_with_a_warning(bench: Bench) -> None:
    earlier = bench.drop("earlier.csv", age=7200)
    bench.pending.done.add(earlier.version)
    bench.sender.unknown = {"73"}
    bench.directory.shown = [Found(audience("73")), Found(None)]

    assert bench.run(bench.drop("a.csv")) == Done()

    (call,) = bench.sender.calls
    assert call.audience_id is None
    assert "earlier.csv" in (call.made_anew or "")


def test_first_audience_of_a_name_is_made_without_a_warning(bench: Bench) -> None:
    bench.run(bench.drop("a.csv"))

    (call,) = bench.sender.calls
    assert (call.audience_id, call.made_anew) == (None, None)


@pytest.mark.parametrize(
    "shown", [Found(None, replaces=True), Found(None)], ids=["remembered", "changed before"]
)
def test_audience_that_was_deleted_is_made_anew_with_a_warning(bench: Bench, shown: Found) -> None:
    bench.state.changed_at = bench.clock.now() - 3600
    bench.directory.shown = [shown]

    bench.run(bench.drop("a.csv"))

    (call,) = bench.sender.calls
    assert call.made_anew
    assert bench.state.audience_id is None


def test_removal_without_an_audience_creates_none_and_waits_for_a_second_answer(
    bench: Bench,
) -> None:
    own = bench.drop("remove/a.csv")

    outcome = bench.run(own)

    assert isinstance(outcome, RetryLater)
    assert (outcome.kind, outcome.delay) == ("audience_absent", 120 * BASE)
    assert bench.sent == []


def test_removal_from_an_audience_that_a_person_renamed_is_refused(bench: Bench) -> None:
    bench.directory.shown = [Found(None, renamed=audience("73"))]

    outcome = bench.run(bench.drop("remove/a.csv"))

    assert isinstance(outcome, DeadLetter)
    assert outcome.reason == "audience_renamed"
    assert bench.sent == []


def test_audience_unknown_a_second_time_is_not_searched_a_third_time(bench: Bench) -> None:
    bench.sender.unknown = {"73"}
    bench.directory.shown = [Found(audience("73"))]

    bench.run(bench.drop("a.csv"))

    # The sender makes the last call's refusal the drop's outcome; this one takes it.
    assert [call.audience_id for call in bench.sender.calls] == ["73"]
    assert bench.directory.searches == 2
