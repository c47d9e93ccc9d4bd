from audience_uploader.domain.times import iso
from audience_uploader.sweep.recent_files import recent_file, rejected_files

AT = iso(1_795_582_920.0)
RECEIPT = {
    "status": "delivered",
    "drop": {"key": "tiktok/a/email_sha256/x.csv", "etag": "e", "bytes": 9},
    "audience_name": "a",
    "rows": {"read": 12, "valid": 11},
    "outcome": {"state": "ready", "size": 5_000, "at": AT},
    "times": {"written_at": AT},
}


def test_recent_file_of_a_delivered_drop_has_its_rows_and_outcome() -> None:
    assert recent_file(RECEIPT) == {
        "key": "tiktok/a/email_sha256/x.csv",
        "audience": "a",
        "status": "delivered",
        "reason": None,
        "message": None,
        "at": AT,
        "rows": 11,
        "outcome": "ready",
    }


def test_recent_file_of_an_old_receipt_has_none_for_what_it_lacks() -> None:
    old = {k: v for k, v in RECEIPT.items() if k not in ("outcome", "rows", "audience_name")}

    file = recent_file(old)

    assert (file["outcome"], file["rows"], file["audience"]) == (None, None, None)


def test_rejected_files_are_only_those() -> None:
    refused = recent_file(RECEIPT | {"status": "rejected", "reason": "r", "message": "m"})

    found = rejected_files([recent_file(RECEIPT), refused])

    assert found == [{"key": refused["key"], "reason": "r", "message": "m", "at": AT}]
