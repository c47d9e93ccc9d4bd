import pytest
from audience_uploader.sweep.advice import needs_a_person, waits_for, what_to_do

STATES = ("not_created", "processing", "ready", "too_small", "failed", "gone", "expired", "unknown")
WAITS = (
    "transient", "rate_limited", "credentials", "audience_busy", "create_unanswered",
    "unexpected", "lease_taken", "more_to_do", "unreadable",
)  # fmt: skip


def advice(state: str, **more: object) -> str:
    given = {"is_expiring": False, "expires_at": None, "outcome": None} | more
    return what_to_do(state, **given) or ""  # type: ignore[arg-type]


def test_advice_for_a_ready_audience_is_none() -> None:
    assert what_to_do("ready", False, "2027-11-25T00:00:00.000Z", "ready") is None
    assert not needs_a_person("ready", False, "ready")


@pytest.mark.parametrize("state", [s for s in STATES if s != "ready"])
def test_advice_for_every_other_state_is_a_sentence(state: str) -> None:
    assert advice(state).endswith(".")
    assert state not in advice(state) or "_" not in state


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("not_created", "its first file"),
        ("processing", "48 hours"),
        ("too_small", "Delete it in Ads Manager"),
        ("failed", "audiencectl redrive"),
        ("gone", "makes it anew"),
        ("expired", "makes it anew"),
        ("unknown", "audiencectl credentials check"),
    ],
)
def test_advice_for_a_state_says_what_to_do(state: str, words: str) -> None:
    assert words in advice(state)


def test_advice_for_an_expiring_audience_names_the_day_and_both_ways_out() -> None:
    text = advice("ready", is_expiring=True, expires_at="2026-12-16T08:00:00.000Z")

    assert "on 16 Dec 2026" in text
    assert "ad group" in text
    assert "drop a file" in text
    assert needs_a_person("ready", True, None)


@pytest.mark.parametrize("expires_at", [None, "", "2026-12-16 soon"])
def test_advice_for_an_expiring_audience_without_a_readable_day_says_soon(
    expires_at: str | None,
) -> None:
    assert "expire soon" in advice("ready", is_expiring=True, expires_at=expires_at)


def test_advice_after_an_unclear_change_sends_to_ads_manager() -> None:
    assert "Ads Manager" in advice("ready", outcome="unclear")
    assert needs_a_person("ready", False, "unclear")


def test_advice_for_a_state_of_another_version_is_that_of_unknown() -> None:
    assert advice("frozen") == advice("unknown")


@pytest.mark.parametrize("state", ["not_created", "processing", "ready", "unknown"])
def test_person_is_not_needed_where_waiting_helps(state: str) -> None:
    assert not needs_a_person(state, False, None)


@pytest.mark.parametrize("state", ["too_small", "failed", "gone", "expired"])
def test_person_is_needed_where_waiting_does_not_help(state: str) -> None:
    assert needs_a_person(state, False, None)


@pytest.mark.parametrize("kind", WAITS)
def test_wait_of_every_kind_is_a_sentence(kind: str) -> None:
    assert waits_for(kind).endswith(".")
    assert kind not in waits_for(kind) or "_" not in kind


def test_wait_of_another_version_is_shown_as_it_is() -> None:
    assert waits_for("moon_phase") == "moon phase"
