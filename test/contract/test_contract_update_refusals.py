"""Section 4: what update/ refuses because of the state of the audience."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Hashes = Callable[..., list[str]]
Shelved = Callable[..., str]
Made = Callable[..., str]
TWO_DAYS = 48 * 3600
BUSY = "Audience is not editable, please check audience status"
UNFINISHED = (
    "This replace operation is rejected as there is an existing unfinished replace operation"
    " for this audience"
)


@pytest.mark.parametrize("fields", [{"custom_audience_name": "x"}, {"action": "APPEND"}])
def test_update_of_an_audience_still_created_is_not_editable(
    post: Call, created: Made, shelved: Shelved, hashes: Hashes, fields: dict[str, Any]
) -> None:
    audience_id = created(hashes(1000))
    if "action" in fields:
        fields = fields | {"file_paths": [shelved(hashes(1))]}

    answer = post("update", custom_audience_id=audience_id, **fields)

    assert (answer["code"], answer["message"]) == (40002, BUSY)


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("APPEND", "APPEND", BUSY),
        ("APPEND", "REPLACE", BUSY),
        ("REMOVE", "APPEND", BUSY),
        ("REPLACE", "APPEND", BUSY),
        ("REPLACE", "REPLACE", UNFINISHED),
        ("REPLACE", None, UNFINISHED),
    ],
)
def test_update_during_an_update_is_refused_until_it_is_done(
    tiktok: Simulator,
    post: Call,
    ready: Made,
    shelved: Shelved,
    hashes: Hashes,
    first: str,
    second: str | None,
    text: str,
) -> None:
    fields = {"custom_audience_id": ready(hashes(3000)), "file_paths": [shelved(hashes(1500))]}
    assert post("update", **fields, action=first)["code"] == 0

    answer = post("update", **fields, action=second)

    assert answer["code"] == 40002
    assert answer["message"].startswith(text)
    tiktok.advance(TWO_DAYS)
    fields["file_paths"] = [shelved(hashes(1500))]
    assert post("update", **fields, action=second)["code"] == 0


def test_update_refused_for_an_unfinished_replace_can_have_another_code(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    tiktok.set_options(replace_code=40050)
    fields = {"custom_audience_id": ready(hashes(3000)), "file_paths": [shelved(hashes(1500))]}
    post("update", **fields)

    assert post("update", **fields)["code"] == 40050


@pytest.mark.parametrize(
    ("action", "count"), [("REMOVE", 1), ("REMOVE", 1000), ("REPLACE", 999), (None, 1)]
)
def test_update_that_would_leave_fewer_than_1000_fails_at_once(
    tiktok: Simulator,
    post: Call,
    ready: Made,
    shelved: Shelved,
    hashes: Hashes,
    action: str | None,
    count: int,
) -> None:
    audience_id, path = ready(hashes(1000)), shelved(hashes(count))

    answer = post("update", custom_audience_id=audience_id, file_paths=[path], action=action)

    assert answer["code"] == 40002
    assert BUSY not in answer["message"]
    assert tiktok.audiences()[0]["size"] == 1000


def test_update_below_the_floor_fails_later_when_so_set(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes, details: Call
) -> None:
    tiktok.set_options(floor_mode="async")
    audience_id, path = ready(hashes(1000)), shelved(hashes(1))

    answer = post("update", custom_audience_id=audience_id, file_paths=[path], action="REMOVE")

    assert answer["code"] == 0
    assert details(audience_id)["error_msg"] is None
    tiktok.advance(TWO_DAYS)
    assert "1000" in details(audience_id)["error_msg"]
    assert tiktok.audiences()[0]["size"] == 1000


def test_update_floor_counts_matched_users(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    tiktok.set_options(match_rate=0.5)
    fields = {"custom_audience_id": ready(hashes(2000)), "file_paths": [shelved(hashes(1999))]}

    assert post("update", **fields)["code"] == 40002


@pytest.mark.parametrize("floor", [0, 10])
def test_update_floor_can_be_set(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes, floor: int
) -> None:
    tiktok.set_options(floor=floor)
    fields = {"custom_audience_id": ready(hashes(10)), "file_paths": [shelved(hashes(10))]}

    assert post("update", **fields, action="REMOVE")["code"] == (0 if floor == 0 else 40002)


@pytest.mark.parametrize("stays", [True, False])
def test_update_keeps_is_valid_unless_so_set(
    tiktok: Simulator,
    post: Call,
    ready: Made,
    shelved: Shelved,
    hashes: Hashes,
    details: Call,
    stays: bool,
) -> None:
    tiktok.set_options(valid_during_update=stays)
    audience_id, path = ready(hashes(1000)), shelved(hashes(1, start=2000))

    post("update", custom_audience_id=audience_id, file_paths=[path], action="APPEND")

    assert details(audience_id)["is_valid"] is stays
    assert details(audience_id)["cover_num"] == 1000
    tiktok.advance(TWO_DAYS)
    assert details(audience_id)["is_valid"] is True
    assert details(audience_id)["cover_num"] == 1001
