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
