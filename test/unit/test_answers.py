"""Answers of the right shape as values, of any other as a fault of the server."""

from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.tiktok import answers
from audience_uploader.tiktok.errors import ServerFault
from audience_uploader.tiktok.models import Answer, Audience, Change, Page

NOW = 1_800_000_000.0
PAST, FUTURE = "2027-01-15 07:59:59", "2027-01-15 08:00:01"
ITEM: dict[str, Any] = {
    "audience_id": "73",
    "name": "foodies",
    "audience_type": "Customer File Audience",
    "calculate_type": "EMAIL_SHA256",
    "is_valid": True,
    "is_creator": True,
    "expired_time": FUTURE,
}
INFO = {"page": 1, "page_size": 100, "total_number": 1, "total_page": 1}


def page(**changes: Any) -> Page:
    answer = Answer({"page_info": INFO, "list": [{**ITEM, **changes}]}, "r")
    return answers.page(answer, now=NOW)


def test_item_of_list_and_details_of_get_are_the_same_audience() -> None:
    details = {**ITEM, "type": ITEM["audience_type"]}
    del details["audience_type"]
    answer = Answer({"list": [{"audience_details": details, "audience_history": []}]}, "r")

    assert answers.details(answer, now=NOW) == page().audiences
    [found] = page().audiences
    assert found == Audience(
        "73", "foodies", "EMAIL_SHA256", True, True, False, expires_at=found.expires_at
    )


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"calculate_type": "MAID_SHA256"}, "calculate_type", "FIRST_SHA256"),
        ({"calculate_type": "email_sha256"}, "calculate_type", "EMAIL_SHA256"),
        ({"calculate_type": None}, "calculate_type", None),
        ({"is_creator": False}, "is_own_file", False),
        ({"is_creator": "true"}, "is_own_file", False),
        ({"audience_type": "Lookalike Audience"}, "is_own_file", False),
        ({"audience_type": "Partner"}, "is_own_file", False),
        ({"audience_type": None}, "is_own_file", False),
        ({"is_valid": False}, "is_valid", False),
        ({"is_valid": 1}, "is_valid", False),
        ({"is_valid": False, "expired_time": FUTURE}, "expired", False),
        ({"is_valid": False, "expired_time": PAST}, "expired", True),
        ({"is_valid": True, "expired_time": PAST}, "expired", False),
        ({"is_valid": False, "expired_time": None}, "expired", False),
        ({"is_valid": False, "expired_time": "soon"}, "expired", False),
        ({"name": None}, "name", ""),
    ],
)
def test_audience_is_read_for_what_it_may_be_used_for(
    changes: dict[str, Any], field: str, value: object
) -> None:
    assert getattr(page(**changes).audiences[0], field) == value


def test_answers_of_changes_give_what_is_remembered() -> None:
    created = answers.created(Answer({"custom_audience_id": "73"}, "r", partial=True))
    uploaded = answers.uploaded_file(Answer({"file_path": "f" * 16}, "r"))

    assert created == Change("73", "r", True)
    assert (uploaded.file_path, uploaded.request_id) == ("f" * 16, "r")


READERS: dict[str, Callable[[Answer], object]] = {
    "upload": answers.uploaded_file,
    "create": answers.created,
    "list": lambda answer: answers.page(answer, now=NOW),
    "get": lambda answer: answers.details(answer, now=NOW),
}


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        ("upload", {}),
        ("upload", {"file_path": ""}),
        ("upload", {"file_path": 16}),
        ("create", {}),
        ("create", {"custom_audience_id": 73}),
        ("create", {"audience_id": "73"}),
        ("list", {}),
        ("list", {"list": [ITEM]}),
        ("list", {"page_info": INFO}),
        ("list", {"page_info": [], "list": []}),
        ("list", {"page_info": {**INFO, "total_page": "1"}, "list": []}),
        ("list", {"page_info": {**INFO, "total_number": True}, "list": []}),
        ("list", {"page_info": INFO, "list": {}}),
        ("list", {"page_info": INFO, "list": ["73"]}),
        ("list", {"page_info": INFO, "list": [{**ITEM, "audience_id": None}]}),
        ("get", {}),
        ("get", {"list": None}),
        ("get", {"list": [73]}),
        ("get", {"list": [{"audience_details": {"name": "foodies"}}]}),
    ],
)
def test_answer_of_another_shape_is_a_fault_of_the_server(
    reader: str, data: dict[str, Any]
) -> None:
    with pytest.raises(ServerFault):
        READERS[reader](Answer(data, "r"))
