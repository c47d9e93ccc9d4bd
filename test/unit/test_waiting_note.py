"""What a person reads of a drop that waits."""

import pytest
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop, parse_key
from audience_uploader.domain.outcomes import RetryLater
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.domain.times import iso
from audience_uploader.domain.waiting_note import waiting_note

DROP = Drop(parse_key("tiktok/foodies/email_sha256/a.csv"), "e1", 325, 0.0)
NOW = 1_800_000_000.0
KINDS = [*backoff.SCHEDULES, backoff.LEASE_TAKEN, backoff.MORE_TO_DO, backoff.SET_INCOMPLETE]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_wait_has_a_sentence(kind: str) -> None:
    note = waiting_note(DROP, RetryLater(kind, 60), rows=None, first_seen=None, now=NOW)

    assert len(backoff.sentence(kind)) > 30
    assert backoff.sentence(kind) in note["why"]
    assert kind == note["waits_for"]


def test_note_says_since_when_what_was_answered_and_when_the_next_try_is() -> None:
    outcome = RetryLater(backoff.TRANSIENT, 60, "SlowDown", NOW - 600)

    note = waiting_note(DROP, outcome, rows=RowCounts(read=9, valid=5), first_seen=None, now=NOW)

    assert "(SlowDown was answered)" in note["why"]
    assert f"since {iso(NOW - 600)}" in note["why"]
    assert f"next try is at {iso(NOW + 60)}" in note["why"]
    assert (note["code"], note["waiting_since"]) == ("SlowDown", iso(NOW - 600))
    assert note["next_try_at"] == note["looked_at_again_at"] == iso(NOW + 60)
    assert note["rows"]["valid"] == 5
    assert note["drop"] == {"key": DROP.key.key, "etag": "e1", "bytes": 325}


def test_note_without_an_answer_names_none_and_keeps_when_it_was_first_seen() -> None:
    outcome = RetryLater(backoff.AUDIENCE_BUSY, 60)

    note = waiting_note(DROP, outcome, rows={"valid": 3}, first_seen=iso(NOW - 900), now=NOW)

    assert "was answered" not in note["why"]
    assert note["code"] is None
    assert note["first_seen_waiting_at"] == note["waiting_since"] == iso(NOW - 900)
    assert note["rows"] == {"valid": 3}
