"""Section 4: update/."""

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


@pytest.mark.parametrize(
    ("action", "start", "end"),
    [
        pytest.param("APPEND", 0, 3000, id="append adds the unseen"),
        pytest.param("REMOVE", 0, 1500, id="remove drops the coinciding"),
        pytest.param("REPLACE", 1500, 3000, id="replace swaps all"),
        pytest.param(None, 1500, 3000, id="replace is the default"),
    ],
)
def test_update_changes_the_set_by_its_action(
    tiktok: Simulator,
    post: Call,
    ready: Made,
    shelved: Shelved,
    hashes: Hashes,
    action: str | None,
    start: int,
    end: int,
) -> None:
    audience_id = ready(hashes(2000))
    path = shelved(hashes(1500, start=1500))

    answer = post("update", custom_audience_id=audience_id, file_paths=[path], action=action)

    assert (answer["code"], answer["data"]) == (0, {})
    shown = tiktok.audiences()[0]
    assert shown["id"] == audience_id
    assert shown["ids"] == sorted(hashes(end - start, start=start))
    tiktok.advance(TWO_DAYS)
    assert tiktok.audiences()[0]["ids"] == sorted(hashes(end - start, start=start))


@pytest.mark.parametrize("action", ["DELETE", "append", "CREATE", 1])
def test_update_with_another_action_is_40002(
    post: Call, ready: Made, shelved: Shelved, hashes: Hashes, action: object
) -> None:
    fields = {"custom_audience_id": ready(hashes(1000)), "file_paths": [shelved(hashes(1))]}

    assert post("update", **fields, action=action)["code"] == 40002


@pytest.mark.parametrize("extra", [{}, {"action": "REPLACE"}, {"action": "nonsense"}])
def test_update_without_files_renames_and_ignores_action(
    tiktok: Simulator, post: Call, ready: Made, hashes: Hashes, extra: dict[str, str]
) -> None:
    audience_id = ready(hashes(1000))

    answer = post("update", custom_audience_id=audience_id, custom_audience_name="new", **extra)

    assert answer["code"] == 0
    shown = tiktok.audiences()[0]
    assert (shown["name"], shown["size"], shown["processing"]) == ("new", 1000, None)


def test_update_as_the_official_sdk_sends_a_rename_renames(
    tiktok: Simulator, post: Call, ready: Made, hashes: Hashes
) -> None:
    fields = {"custom_audience_name": "new", "action": "REPLACE", "audience_sub_type": "NORMAL"}

    answer = post("update", custom_audience_id=ready(hashes(1000)), **fields)

    assert (answer["code"], tiktok.audiences()[0]["name"]) == (0, "new")


def test_update_with_name_and_files_does_both(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    audience_id = ready(hashes(1000))
    fields = {"custom_audience_name": "new", "file_paths": [shelved(hashes(1, start=5000))]}

    post("update", custom_audience_id=audience_id, action="APPEND", **fields)

    assert [(a["name"], a["size"]) for a in tiktok.audiences()] == [("new", 1001)]


def test_update_ignores_a_stray_calculate_type(
    post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    fields = {"custom_audience_id": ready(hashes(1000)), "file_paths": [shelved(hashes(1))]}

    assert post("update", action="APPEND", calculate_type="PHONE_SHA256", **fields)["code"] == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"custom_audience_id": None}, "Missing required field(s): custom_audience_id."),
        ({}, "Missing required field(s): custom_audience_name or file_paths."),
        ({"file_paths": []}, "Missing required field(s): custom_audience_name or file_paths."),
        ({"action": "APPEND"}, "Missing required field(s): custom_audience_name or file_paths."),
    ],
)
def test_update_without_what_it_needs_is_40002(
    post: Call, ready: Made, hashes: Hashes, fields: dict[str, Any], message: str
) -> None:
    answer = post("update", **{"custom_audience_id": ready(hashes(1000))} | fields)

    assert (answer["code"], answer["message"]) == (40002, message)


@pytest.mark.parametrize(("length", "code"), [(128, 0), (129, 40002)])
def test_update_takes_names_of_up_to_128_characters(
    post: Call, ready: Made, hashes: Hashes, length: int, code: int
) -> None:
    fields = {"custom_audience_id": ready(hashes(1000)), "custom_audience_name": "x" * length}

    assert post("update", **fields)["code"] == code


@pytest.mark.parametrize(("option", "code"), [(40007, 40007), (40002, 40002)])
def test_update_of_an_unknown_audience_is_refused(
    tiktok: Simulator, post: Call, option: int, code: int
) -> None:
    tiktok.set_options(unknown_code=option)

    answer = post("update", custom_audience_id="7" * 19, custom_audience_name="x")

    assert answer["code"] == code


def test_update_of_another_advertisers_audience_is_unknown(tiktok: Simulator, post: Call) -> None:
    (foreign,) = tiktok.seed(advertiser_id="7000000000000000002")

    assert post("update", custom_audience_id=foreign, custom_audience_name="x")["code"] == 40007


def test_update_of_a_shared_in_audience_is_refused(tiktok: Simulator, post: Call) -> None:
    (shared,) = tiktok.seed(is_creator=False)

    assert post("update", custom_audience_id=shared, custom_audience_name="x")["code"] == 40001


@pytest.mark.parametrize("kind", ["Lookalike Audience", "Engagement Audience", "Partner"])
def test_update_with_files_of_no_customer_file_audience_is_40002(
    tiktok: Simulator, post: Call, shelved: Shelved, hashes: Hashes, kind: str
) -> None:
    (other,) = tiktok.seed(audience_type=kind)

    answer = post("update", custom_audience_id=other, file_paths=[shelved(hashes(2000))])

    assert answer["code"] == 40002
    assert "customer file" in answer["message"]
    assert post("update", custom_audience_id=other, custom_audience_name="x")["code"] == 0


@pytest.mark.parametrize(
    ("held", "uploaded", "code"),
    [
        ("EMAIL_SHA256", "PHONE_SHA256", 40909),
        ("FIRST_SHA256", "MAID_SHA256", 0),
        ("FIRST_SHA256", "IDFA_SHA256", 40909),
    ],
)
def test_update_needs_files_of_the_audiences_type(
    post: Call, ready: Made, shelved: Shelved, hashes: Hashes, held: str, uploaded: str, code: int
) -> None:
    audience_id = ready(hashes(1000), kind=held)
    path = shelved(hashes(1), calculate_type=uploaded)

    fields = {"custom_audience_id": audience_id, "file_paths": [path], "action": "APPEND"}
    assert post("update", **fields)["code"] == code


@pytest.mark.parametrize("path", ["0" * 15, "0" * 17, "", 7])
def test_update_with_a_path_of_another_form_is_40002(
    post: Call, ready: Made, hashes: Hashes, path: object
) -> None:
    assert (
        post("update", custom_audience_id=ready(hashes(1000)), file_paths=[path])["code"] == 40002
    )


def test_update_with_an_unknown_path_is_40905(post: Call, ready: Made, hashes: Hashes) -> None:
    fields = {"custom_audience_id": ready(hashes(1000)), "file_paths": ["0" * 16]}

    assert post("update", **fields)["code"] == 40905


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


def test_update_of_the_sub_type_ignores_all_other_changes(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    audience_id, path = ready(hashes(1000)), shelved(hashes(2000))
    fields = {"custom_audience_name": "new", "file_paths": [path], "action": "APPEND"}

    answer = post(
        "update", custom_audience_id=audience_id, audience_sub_type="REACH_FREQUENCY", **fields
    )

    assert answer["code"] == 0
    shown = tiktok.audiences()[0]
    assert (shown["sub_type"], shown["name"], shown["size"], shown["processing"]) == (
        "REACH_FREQUENCY",
        "foodies",
        1000,
        None,
    )


def test_update_with_sub_type_normal_ignores_other_changes_when_so_set(
    tiktok: Simulator, post: Call, ready: Made, hashes: Hashes
) -> None:
    tiktok.set_options(normal_sub_type_exclusive=True)
    fields = {"custom_audience_name": "new", "audience_sub_type": "NORMAL"}

    assert post("update", custom_audience_id=ready(hashes(1000)), **fields)["code"] == 0
    assert tiktok.audiences()[0]["name"] == "foodies"


def test_update_of_the_sub_type_goes_one_way(post: Call, ready: Made, hashes: Hashes) -> None:
    audience_id = ready(hashes(1000), audience_sub_type="REACH_FREQUENCY")

    answer = post("update", custom_audience_id=audience_id, audience_sub_type="NORMAL")

    assert answer["code"] == 40002


def test_update_of_the_sub_type_of_a_lookalike_is_an_error(tiktok: Simulator, post: Call) -> None:
    (lookalike,) = tiktok.seed(audience_type="Lookalike Audience")

    answer = post("update", custom_audience_id=lookalike, audience_sub_type="REACH_FREQUENCY")

    assert answer["code"] == 40002
