from typing import Any

import pytest
from audience_uploader.domain.times import iso
from audience_uploader.sweep.status import DAY, build_status, status_key, worth_writing
from audience_uploader.sweep.status_fields import AudienceStatus, Learnt, Rejected, Seen

NOW = 1_795_582_920.0  # 2026-11-25T05:02:00Z
NAME = "Loyalty members"
FIELDS = {
    "audience_name", "audience_id", "calculate_type", "state", "is_expiring", "since", "size",
    "what_to_do", "expires_at", "checked_at", "last_change", "waiting", "rejected", "history",
}  # fmt: skip


def learnt(state: str = "ready", size: int | None = 5_000, **more: Any) -> Learnt:
    seen = Seen(size) if size is not None else None
    return Learnt(
        **{"audience_name": NAME, "state": state, "audience_id": "73", "seen": seen} | more
    )


def rejection(at: float, key: str = "tiktok/a/email_sha256/x.csv") -> Rejected:
    return {"key": key, "reason": "no_valid_row", "message": "Hash it.", "at": iso(at)}


def built(days: int, sizes: list[int] | None = None) -> AudienceStatus:
    """Return the status after one check a day, the last one now."""
    status: AudienceStatus | None = None
    for day in range(days):
        size = sizes[day] if sizes else 1_000 + day
        status = build_status(status, learnt(size=size), now=NOW - (days - 1 - day) * DAY)
    assert status is not None
    return status


def test_status_of_a_new_audience_has_every_field_and_no_other() -> None:
    status = build_status(None, Learnt(NAME, "not_created"), now=NOW)

    assert set(status) == FIELDS
    assert status["audience_id"] is None
    assert status["size"] is None
    assert status["history"] == []
    assert status["since"] == status["checked_at"] == iso(NOW)


def test_status_fields_of_another_version_are_left_out_and_missing_ones_made_up() -> None:
    previous = {"state": "ready", "colour": "green", "history": "none", "since": 7}

    status = build_status(previous, learnt(), now=NOW)

    assert set(status) == FIELDS
    assert status["since"] == iso(NOW)
    assert status["history"] == [[iso(NOW), 5_000]]


def test_since_stays_while_the_state_stays() -> None:
    first = build_status(None, learnt("processing"), now=NOW)
    second = build_status(first, learnt("processing"), now=NOW + 60)
    third = build_status(second, learnt("ready"), now=NOW + 120)

    assert second["since"] == iso(NOW)
    assert third["since"] == iso(NOW + 120)


def test_size_stays_known_when_tiktok_was_not_asked() -> None:
    seen = Seen(5_000, is_expiring=True, expires_at=iso(NOW + DAY))
    first = build_status(None, learnt(seen=seen), now=NOW)

    second = build_status(first, learnt(seen=None), now=NOW + 60)

    assert (second["size"], second["is_expiring"]) == (5_000, True)
    assert second["expires_at"] == iso(NOW + DAY)
    assert second["history"] == first["history"]


def test_size_of_another_audience_of_that_name_is_forgotten() -> None:
    first = build_status(None, learnt(), now=NOW)

    second = build_status(first, learnt(seen=None, audience_id="74"), now=NOW + 60)

    assert second["size"] is None


def test_last_change_and_type_stay_when_nothing_newer_is_known() -> None:
    change = {"action": "append", "at": iso(NOW), "rows": 5, "outcome": None, "request_id": "r"}
    known = learnt(last_change=change, calculate_type="EMAIL_SHA256")
    first = build_status(None, known, now=NOW)

    second = build_status(first, learnt(), now=NOW + 60)

    assert second["last_change"] == change
    assert second["calculate_type"] == "EMAIL_SHA256"


def test_waiting_is_null_as_soon_as_nothing_waits() -> None:
    waiting = {"drops": 2, "for": "audience_busy", "until": iso(NOW + 900)}
    first = build_status(None, learnt(waiting=waiting), now=NOW)

    assert first["waiting"] == waiting
    assert build_status(first, learnt(), now=NOW + 60)["waiting"] is None


def test_rejected_are_those_of_30_days_newest_first() -> None:
    given = [rejection(NOW - 31 * DAY), rejection(NOW - 29 * DAY), rejection(NOW - 5)]

    rejected = build_status(None, learnt(rejected=given), now=NOW)["rejected"]

    assert [r["at"] for r in rejected] == [iso(NOW - 5), iso(NOW - 29 * DAY)]


def test_rejected_are_100_at_most() -> None:
    given = [rejection(NOW - i) for i in range(150)]

    rejected = build_status(None, learnt(rejected=given), now=NOW)["rejected"]

    assert len(rejected) == 100
    assert rejected[-1]["at"] == iso(NOW - 99)


def test_history_keeps_the_last_size_of_a_day() -> None:
    first = build_status(None, learnt(size=1_000), now=NOW)
    second = build_status(first, learnt(size=2_000), now=NOW + 3_600)
    third = build_status(second, learnt(size=3_000), now=NOW + DAY)

    assert third["history"] == [[iso(NOW + 3_600), 2_000], [iso(NOW + DAY), 3_000]]


def test_history_keeps_the_last_400_days() -> None:
    history = built(402)["history"]

    assert len(history) == 400
    assert history[0][1] == 1_002
    assert history[-1] == [iso(NOW), 1_401]


def test_building_leaves_the_previous_object_as_it_was() -> None:
    first = build_status(None, learnt(size=1_000), now=NOW)
    before = [list(point) for point in first["history"]]

    build_status(first, learnt(size=2_000), now=NOW + 60)

    assert first["history"] == before


def test_writing_is_worth_it_when_there_is_no_object_yet() -> None:
    assert worth_writing(None, build_status(None, learnt(), now=NOW), now=NOW)


def test_writing_is_not_worth_it_when_only_the_time_of_asking_changed() -> None:
    first = build_status(None, learnt(), now=NOW)
    second = build_status(first, learnt(), now=NOW + 3_600)

    assert second["checked_at"] != first["checked_at"]
    assert not worth_writing(first, second, now=NOW + 3_600)


@pytest.mark.parametrize("field", sorted(FIELDS - {"checked_at"}))
def test_writing_is_worth_it_when_any_other_field_changed(field: str) -> None:
    first = build_status(None, learnt(), now=NOW)
    changed: dict[str, Any] = {**first, field: "something else"}

    assert worth_writing(changed, build_status(first, learnt(), now=NOW + 1), now=NOW + 1)


def test_writing_is_worth_it_once_a_day() -> None:
    first = build_status(None, learnt(seen=None), now=NOW)
    almost = build_status(first, learnt(seen=None), now=NOW + DAY - 1)
    later = build_status(first, learnt(seen=None), now=NOW + DAY)

    assert not worth_writing(first, almost, now=NOW + DAY - 1)
    assert worth_writing(first, later, now=NOW + DAY)


def test_writing_is_worth_it_when_a_broken_clock_wrote_the_object() -> None:
    ahead = build_status(None, learnt(seen=None), now=NOW + 900 * DAY)
    now_right = build_status(ahead, learnt(seen=None), now=NOW)

    assert worth_writing(ahead, now_right, now=NOW)


def test_writing_is_not_worth_it_for_a_field_of_another_version_alone() -> None:
    first: dict[str, Any] = {**build_status(None, learnt(), now=NOW), "colour": "green"}

    assert not worth_writing(first, build_status(first, learnt(), now=NOW + 1), now=NOW + 1)


@pytest.mark.parametrize("name", ["a", "Größe 100 %", "x+y", "index.html", "名" * 128])
def test_status_key_holds_the_name_as_it_is(name: str) -> None:
    assert status_key(name) == f"status/{name}.json"
    assert len(status_key(name).encode()) <= 1024


def test_status_key_is_never_that_of_the_page() -> None:
    assert status_key("index.html") != "status/index.html"
