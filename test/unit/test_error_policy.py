"""The failure table of the design: what each error means, row by row."""

import pytest
from audience_uploader.adapters.json_store import DamagedObject
from audience_uploader.delivery.crash_rules import crashed
from audience_uploader.delivery.error_policy import (
    Waits,
    meaning_of,
    next_wait,
    refusal_of,
    too_long,
    unexpected,
)
from audience_uploader.delivery.unanswered_create import CreateUnanswered
from audience_uploader.domain import backoff
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.outcomes import (
    DeadLetter,
    DropRefused,
    OutOfTime,
    Refusal,
    Unavailable,
)
from audience_uploader.domain.state_parts import Wait
from audience_uploader.tiktok.errors import error_class

HOUR = 3600.0
BUSY = "Audience is not editable, please check audience status"
UNFINISHED = "Rejected as there is an existing unfinished replace operation"
FEW = "The audience size is less than 1000"

WAITS: dict[str, tuple[Exception, str, str | None]] = {
    "an AWS service fails": (Unavailable("s3", "SlowDown"), backoff.TRANSIENT, "SlowDown"),
    "TikTok too slow for one answer": (OutOfTime(), backoff.TRANSIENT, None),
    "answer to a create lost": (CreateUnanswered(), backoff.CREATE_UNANSWERED, None),
    "a bug": (ZeroDivisionError(), backoff.UNEXPECTED, None),
    "a bug that looks like a lookup": (KeyError("x"), backoff.UNEXPECTED, None),
}
WAITING_CODES: dict[int, str] = {
    **dict.fromkeys((40202, 50000, 50002, 51003, 52201, 60001), backoff.TRANSIENT),
    **dict.fromkeys((40100, 40016, 40133), backoff.RATE_LIMITED),
    **dict.fromkeys((40001, 40101, 40102, 40104, 40105, 40110), backoff.CREDENTIALS),
}
REFUSALS: dict[str, tuple[Exception, str]] = {
    "several audiences": (Refusal("several_audiences", "Rename one."), "several_audiences"),
    "no valid row": (DropRefused("no_valid_rows", "Hash."), "no_valid_rows"),
    "damaged record": (DamagedObject("state/7/a.json"), "damaged_record"),
}
REFUSING_CODES: dict[tuple[int, str], str] = {
    (40002, FEW): "below_minimum",
    (40002, "Bad."): "tiktok_refused",
    (40006, "No."): "tiktok_refused",
    (40900, "Signature."): "tiktok_refused",
    (40905, "File."): "tiktok_refused",
    (40910, "Expired."): "tiktok_refused",
    (40007, "Audience."): "tiktok_refused",
    (49999, "New."): "tiktok_refused",
}


def answered(code: int, message: str = "No.") -> Exception:
    """Return the error that a code of TikTok's becomes."""
    return error_class(code, message)(message, code=code, request_id="r1")


@pytest.mark.parametrize(("error", "kind", "code"), WAITS.values(), ids=WAITS)
def test_error_that_is_expected_to_pass_waits_with_what_was_answered(
    error: Exception, kind: str, code: str | None
) -> None:
    assert meaning_of(error) == Waits(kind, code)
    assert refusal_of(error) is None


@pytest.mark.parametrize(("code", "kind"), WAITING_CODES.items())
def test_code_that_is_expected_to_pass_waits_and_is_told(code: int, kind: str) -> None:
    assert meaning_of(answered(code)) == Waits(kind, str(code))


@pytest.mark.parametrize("text", [BUSY, UNFINISHED])
def test_audience_that_takes_no_edits_is_busy(text: str) -> None:
    assert meaning_of(answered(40002, text)) == Waits(backoff.AUDIENCE_BUSY, "40002")


@pytest.mark.parametrize(("error", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_error_that_no_waiting_helps_is_a_dead_letter(error: Exception, reason: str) -> None:
    meaning = meaning_of(error)

    assert isinstance(meaning, DeadLetter)
    assert meaning.reason == reason


@pytest.mark.parametrize(("answer", "reason"), REFUSING_CODES.items(), ids=str)
def test_code_that_no_waiting_helps_is_a_dead_letter_that_says_what_to_do(
    answer: tuple[int, str], reason: str
) -> None:
    meaning = meaning_of(answered(*answer))

    assert isinstance(meaning, DeadLetter)
    assert meaning.reason == reason
    assert "redrive this message" in meaning.message
    assert "r1" in meaning.message


def test_damaged_record_names_its_object() -> None:
    meaning = meaning_of(DamagedObject("state/7000/foodies.json"))

    assert isinstance(meaning, DeadLetter)
    assert "state/7000/foodies.json" in meaning.message


def state(**fields: object) -> AudienceState:
    made = AudienceState("7000", "foodies")
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_wait_of_the_same_kind_grows_and_another_kind_begins_at_the_shortest() -> None:
    first = next_wait(state(), Waits(backoff.TRANSIENT, "500"), now=100, base=30, drop="k")
    second = next_wait(
        state(wait=first), Waits(backoff.TRANSIENT, "502"), now=200, base=30, drop="k"
    )
    other = next_wait(
        state(wait=second), Waits(backoff.RATE_LIMITED, "40100"), now=300, base=30, drop="k"
    )

    assert first == Wait(backoff.TRANSIENT, 0, 100, 130, "k", "500")
    assert second == Wait(backoff.TRANSIENT, 1, 100, 260, "k", "502")
    assert other == Wait(backoff.RATE_LIMITED, 0, 300, 600, "k", "40100")


def test_since_when_an_audience_is_busy_outlasts_waits_of_other_kinds() -> None:
    kept = state()
    next_wait(kept, Waits(backoff.AUDIENCE_BUSY, None), now=100, base=30, drop="k")
    next_wait(kept, Waits(backoff.TRANSIENT, None), now=200, base=30, drop="k")
    next_wait(kept, Waits(backoff.AUDIENCE_BUSY, None), now=300, base=30, drop="k")

    assert kept.busy_since == 100


@pytest.mark.parametrize(
    ("busy_for", "changed_ago", "stuck"),
    [
        (71 * HOUR, None, False),
        (73 * HOUR, None, True),
        (73 * HOUR, 71 * HOUR, False),
        (73 * HOUR, 73 * HOUR, True),
        (0.0, 100 * HOUR, False),
    ],
)
def test_audience_is_stuck_72_hours_after_our_last_change_or_its_first_refusal(
    busy_for: float, changed_ago: float | None, stuck: bool
) -> None:
    now = 1_800_000_000.0
    changed_at = None if changed_ago is None else now - changed_ago
    found = too_long(
        state(busy_since=now - busy_for, changed_at=changed_at),
        Wait(backoff.AUDIENCE_BUSY, 9, now, now, "k"),
        now=now,
    )

    assert (found is not None and found.reason == "audience_stuck") is stuck


@pytest.mark.parametrize(("count", "given_up"), [(0, False), (3, False), (4, True), (9, True)])
def test_bug_is_given_up_on_at_every_fifth_in_a_row(count: int, given_up: bool) -> None:
    found = too_long(state(), Wait(backoff.UNEXPECTED, count, 0, 0, "k"), now=0)

    assert (found is not None) is given_up


@pytest.mark.parametrize("kind", [backoff.TRANSIENT, backoff.RATE_LIMITED, backoff.CREDENTIALS])
def test_wait_that_a_person_or_time_ends_is_never_given_up_on_here(kind: str) -> None:
    assert too_long(state(), Wait(kind, 500, 0, 0, "k"), now=100 * 24 * HOUR) is None


@pytest.mark.parametrize("letter", [unexpected(), crashed(5)])
def test_dead_letter_of_our_own_failures_says_what_to_do(letter: DeadLetter) -> None:
    assert "log says" in letter.message
    assert "redrive this message" in letter.message
