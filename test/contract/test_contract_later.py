"""Sections 4, 6 and 11: accepted is not applied; what becomes of a change, and who made it."""

from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
Made = Callable[..., str]
Shelved = Callable[..., str]
Hashes = Callable[..., list[str]]
TWO_DAYS = 48 * 3600
LATER = {"kind": "fails_later", "message": "Matching failed.", "times": 1}


@pytest.fixture
def changed(post: Call, ready: Made, shelved: Shelved, hashes: Hashes) -> Callable[..., str]:
    """changed("APPEND"): the id of an audience of 2,000 after an accepted change by 1,500 ids."""

    def changed(action: str, audience_id: str = "") -> str:
        fields = {
            "custom_audience_id": audience_id or ready(hashes(2000)),
            "file_paths": [shelved(hashes(1500, start=1500))],
        }
        assert post("update", action=action, **fields)["code"] == 0
        return str(fields["custom_audience_id"])

    return changed


@pytest.fixture
def history(get: Call) -> Callable[[str], list[dict[str, Any]]]:
    def history(audience_id: str) -> list[dict[str, Any]]:
        (row,) = get("get", custom_audience_ids=[audience_id])["data"]["list"]
        return list(row["audience_history"])

    return history


@pytest.mark.parametrize("action", ["APPEND", "REMOVE", "REPLACE"])
def test_change_is_applied_only_once_it_is_processed(
    tiktok: Simulator, changed: Made, hashes: Hashes, action: str
) -> None:
    changed(action)

    (accepted,) = tiktok.audiences()
    assert accepted["applied_ids"] == sorted(hashes(2000))
    assert accepted["ids"] != accepted["applied_ids"]
    tiktok.advance(TWO_DAYS)
    assert tiktok.audiences()[0]["applied_ids"] == accepted["ids"]


@pytest.mark.parametrize("action", ["APPEND", "REMOVE", "REPLACE"])
def test_change_that_fails_later_changes_nothing_but_the_error_text(
    tiktok: Simulator, changed: Made, hashes: Hashes, details: Call, history: Any, action: str
) -> None:
    tiktok.faults.add(LATER | {"endpoint": "update"})

    audience_id = changed(action)

    assert details(audience_id)["error_msg"] is None
    tiktok.advance(TWO_DAYS)
    shown = details(audience_id)
    assert (shown["error_msg"], shown["is_valid"]) == ("Matching failed.", True)
    assert shown["cover_num"] == 2000
    assert tiktok.audiences()[0]["applied_ids"] == sorted(hashes(2000))
    assert history(audience_id)[-1]["msg"] == "Matching failed."


@pytest.mark.parametrize("stays", [True, False])
def test_change_that_fails_later_leaves_the_audience_valid_unless_so_set(
    tiktok: Simulator, changed: Made, details: Call, post: Call, stays: bool
) -> None:
    tiktok.set_options(valid_after_failed_update=stays)
    tiktok.faults.add(LATER | {"endpoint": "update"})

    audience_id = changed("APPEND")
    tiktok.advance(TWO_DAYS)

    assert details(audience_id)["is_valid"] is stays
    rename = {"custom_audience_id": audience_id, "custom_audience_name": "x"}
    assert post("update", **rename)["code"] == (0 if stays else 40002)


def test_create_that_fails_later_never_becomes_valid(
    tiktok: Simulator, ready: Made, hashes: Hashes, details: Call, post: Call
) -> None:
    tiktok.faults.add(LATER | {"endpoint": "create"})

    audience_id = ready(hashes(2000))
    tiktok.advance(30 * TWO_DAYS)

    shown = details(audience_id)
    assert (shown["is_valid"], shown["cover_num"]) == (False, 0)
    assert shown["error_msg"] == "Matching failed."
    assert tiktok.audiences()[0]["status"] == "FAILED"
    rename = {"custom_audience_id": audience_id, "custom_audience_name": "x"}
    assert post("update", **rename)["code"] == 40002


@pytest.mark.parametrize(
    ("ends", "accepted", "applied"),
    [
        ("success", "Matching failed.", None),
        ("accept", None, None),
        ("never", "Matching failed.", "Matching failed."),
    ],
)
def test_error_text_of_a_failed_change_stands_as_long_as_set(
    tiktok: Simulator,
    changed: Made,
    details: Call,
    ends: str,
    accepted: str | None,
    applied: str | None,
) -> None:
    tiktok.set_options(error_msg_ends=ends)
    tiktok.faults.add(LATER | {"endpoint": "update"})
    audience_id = changed("APPEND")
    tiktok.advance(TWO_DAYS)

    changed("APPEND", audience_id)

    assert details(audience_id)["error_msg"] == accepted
    tiktok.advance(TWO_DAYS)
    assert details(audience_id)["error_msg"] == applied


def test_later_failure_waits_for_a_call_that_takes_effect(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes
) -> None:
    fields = {"custom_audience_id": ready(hashes(2000)), "file_paths": [shelved(hashes(3000))]}
    tiktok.faults.add(LATER, {"endpoint": "update", "kind": "code", "value": 50000, "times": 1})

    codes = [post("update", action="APPEND", **fields)["code"] for _ in range(2)]

    assert codes == [50000, 0]
    tiktok.advance(TWO_DAYS)
    assert tiktok.audiences()[0]["error_msg"] == "Matching failed."


@pytest.mark.parametrize("kept_out", [True, False], ids=["that one", "another"])
@pytest.mark.parametrize("endpoint", ["list", "get"])
def test_audience_is_left_out_once(
    tiktok: Simulator, get: Call, endpoint: str, kept_out: bool
) -> None:
    ids = tiktok.seed(count=2)
    value = ids[0] if kept_out else "7" * 19
    tiktok.faults.add({"endpoint": endpoint, "kind": "left_out", "value": value, "times": 1})

    found = [len(get(endpoint, custom_audience_ids=ids)["data"]["list"]) for _ in range(2)]

    assert found == [1 if kept_out else 2, 2]


def test_all_audiences_are_left_out_when_none_is_named(tiktok: Simulator, get: Call) -> None:
    tiktok.seed(count=2)
    tiktok.faults.add({"kind": "left_out", "times": 1})

    assert [len(get("list")["data"]["list"]) for _ in range(2)] == [0, 2]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "fails_later", "endpoint": "upload"},
        {"kind": "fails_later", "effect": False},
        {"kind": "left_out", "endpoint": "create"},
        {"kind": "left_out", "value": 7},
    ],
)
def test_fault_that_can_not_be_is_refused(tiktok: Simulator, rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"fails_later|left_out"):
        tiktok.faults.add(rule)


@pytest.mark.parametrize("ids", [["abc"], ["7" * 19, "٣"], ["-7"], ["7 "]])
@pytest.mark.parametrize("endpoint", ["list", "get"])
def test_ids_that_are_not_digits_are_40002(get: Call, endpoint: str, ids: list[str]) -> None:
    assert get(endpoint, custom_audience_ids=ids)["code"] == 40002


def test_history_has_an_entry_from_the_accept_on(
    tiktok: Simulator, changed: Made, history: Any
) -> None:
    audience_id = changed("APPEND")

    entry = history(audience_id)[-1]

    assert (entry["action"], entry["editor"], entry["msg"]) == ("append", "open_api", None)
    assert entry["action_detail"] is None
    tiktok.advance(TWO_DAYS)
    assert history(audience_id)[-1] == entry | {"action_detail": "3000"}


def test_history_can_tell_results_only_and_under_one_name(
    tiktok: Simulator, changed: Made, history: Any
) -> None:
    tiktok.set_options(history_from="result", history_action="update")

    audience_id = changed("REMOVE")

    assert [e["action"] for e in history(audience_id)] == ["create"]
    tiktok.advance(TWO_DAYS)
    assert [e["action"] for e in history(audience_id)] == ["create", "update"]


def test_audience_made_by_a_person_names_that_person_as_editor(
    tiktok: Simulator, history: Any
) -> None:
    (audience_id,) = tiktok.seed(name="foodies", editor="Jane")

    assert [e["editor"] for e in history(audience_id)] == ["Jane"]


def test_person_renames_and_changes_an_audience(
    tiktok: Simulator, ready: Made, hashes: Hashes, history: Any, details: Call
) -> None:
    audience_id = ready(hashes(1000), name="foodies")

    tiktok.edit(audience_id, name="gourmets", ids=hashes(1200), editor="Jane")

    assert (details(audience_id)["name"], details(audience_id)["cover_num"]) == ("gourmets", 1200)
    assert [e["editor"] for e in history(audience_id)] == ["open_api", "Jane"]
    assert tiktok.audiences("foodies") == []


def test_person_deletes_an_audience(tiktok: Simulator, get: Call, post: Call) -> None:
    (audience_id,) = tiktok.seed()

    tiktok.remove(audience_id)

    assert get("get", custom_audience_ids=[audience_id])["data"]["list"] == []
    rename = {"custom_audience_id": audience_id, "custom_audience_name": "x"}
    assert post("update", **rename)["code"] == 40007


@pytest.mark.parametrize(
    ("how", "sent", "shown"),
    [
        ("none", " a  B ", " a  B "),
        ("trim", " a  B ", "a  B"),
        ("nfc", "cafe\u0301", "caf\u00e9"),
        ("nfd", "caf\u00e9", "cafe\u0301"),
        ("single_blanks", " a  B ", "a B"),
        ("lower", "a B", "a b"),
        ("ascii", "caf\u00e9", "caf?"),
    ],
)
def test_name_is_altered_as_set(
    tiktok: Simulator, ready: Made, hashes: Hashes, details: Call, post: Call,
    how: str, sent: str, shown: str,
) -> None:  # fmt: skip
    tiktok.set_options(altered_names=how)

    audience_id = ready(hashes(1000), name=sent)

    assert details(audience_id)["name"] == shown
    post("update", custom_audience_id=audience_id, custom_audience_name=sent + "2")
    assert details(audience_id)["name"].endswith("2")


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("action", ["REMOVE", "REPLACE"])
def test_floor_counts_matched_users_in_both_modes(
    tiktok: Simulator, post: Call, ready: Made, shelved: Shelved, hashes: Hashes, details: Call,
    mode: str, action: str,
) -> None:  # fmt: skip
    tiktok.set_options(match_rate=0.5, floor_mode=mode)
    audience_id = ready(hashes(2000))
    fields = {"custom_audience_id": audience_id, "file_paths": [shelved(hashes(1))]}

    answer = post("update", action=action, **fields)
    tiktok.advance(TWO_DAYS)

    assert answer["code"] == (40002 if mode == "sync" else 0)
    assert ("1000" in (details(audience_id)["error_msg"] or "")) is (mode == "async")
    assert details(audience_id)["cover_num"] == 1000
