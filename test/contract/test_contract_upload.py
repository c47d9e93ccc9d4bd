"""Section 2: file/upload/."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest

from local.tiktok_simulator import Simulator

Call = Callable[..., dict[str, Any]]
ONE = b"a" * 64 + b"\n"


def test_upload_gives_a_path_of_16_hex_characters(upload: Call) -> None:
    answers = [upload(ONE) for _ in range(3)]

    paths = {answer["data"]["file_path"] for answer in answers}
    assert len(paths) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", path) for path in paths)


@pytest.mark.parametrize(
    "filename", ["a.csv", "a.txt", "folder name.csv", "größe.csv", "a.zip.txt"]
)
def test_upload_named_csv_or_txt_is_taken(upload: Call, filename: str) -> None:
    assert upload(ONE, filename=filename)["code"] == 0


@pytest.mark.parametrize("filename", ["a.zip", "a", "a.CSV", "a.csv.gz", "csv", "a.csv "])
def test_upload_named_otherwise_is_40908(upload: Call, filename: str) -> None:
    assert upload(ONE, filename=filename)["code"] == 40908


def test_upload_empty_is_40906(upload: Call) -> None:
    assert upload(b"")["code"] == 40906


@pytest.mark.parametrize(("size", "code"), [(1000, 0), (1001, 40907)])
def test_upload_larger_than_the_limit_is_40907(
    tiktok: Simulator, upload: Call, size: int, code: int
) -> None:
    tiktok.set_options(max_upload_bytes=1000)

    assert upload(b"x" * size)["code"] == code


def test_upload_limit_is_250_mb_by_default(tiktok: Simulator) -> None:
    assert tiktok.set_options().max_upload_bytes == 250_000_000


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("0" * 32, id="of other bytes"),
        pytest.param(hashlib.sha256(ONE).hexdigest(), id="SHA-256"),
        pytest.param(hashlib.md5(ONE).hexdigest().upper(), id="upper case"),
        pytest.param(hashlib.md5(ONE.strip()).hexdigest(), id="without the last newline"),
    ],
)
def test_upload_with_another_signature_is_40900(upload: Call, signature: str) -> None:
    assert upload(ONE, file_signature=signature)["code"] == 40900


@pytest.mark.parametrize("field", ["advertiser_id", "file_signature", "calculate_type"])
def test_upload_without_a_field_is_40002_and_names_it(upload: Call, field: str) -> None:
    answer = upload(ONE, **{field: None})

    assert answer["code"] == 40002
    assert answer["message"] == f"Missing required field(s): {field}."


@pytest.mark.parametrize(
    "kind",
    [
        *("EMAIL_SHA256", "PHONE_SHA256", "FIRST_SHA256", "FIRST_MD5", "MAID_SHA256", "MAID_MD5"),
        *("IDFA_SHA256", "IDFA_MD5", "GAID_SHA256", "GAID_MD5"),
    ],
)
def test_upload_of_a_known_type_is_taken(upload: Call, kind: str) -> None:
    assert upload(ONE, calculate_type=kind)["code"] == 0


@pytest.mark.parametrize(
    "kind",
    ["email_sha256", "EMAIL_MD5", "PHONE_MD5", "FIRST_NORMAL", "AAID_SHA256", "8", "EMAIL_SHA256 "],
)
def test_upload_of_an_unknown_type_is_40909(upload: Call, kind: str) -> None:
    assert upload(ONE, calculate_type=kind)["code"] == 40909


@pytest.mark.parametrize(
    ("content", "fields", "code"),
    [
        pytest.param(b"", {"filename": "a.zip"}, 40908, id="suffix before emptiness"),
        pytest.param(b"", {"file_signature": "0"}, 40906, id="emptiness before signature"),
        pytest.param(b"x" * 2000, {"file_signature": "0"}, 40907, id="size before signature"),
        pytest.param(
            ONE, {"file_signature": "0", "calculate_type": "0"}, 40900, id="signature before type"
        ),
    ],
)
def test_upload_is_checked_in_the_order_of_the_contract(
    tiktok: Simulator, upload: Call, content: bytes, fields: dict[str, str], code: int
) -> None:
    tiktok.set_options(max_upload_bytes=1000)

    assert upload(content, **fields)["code"] == code


def test_upload_ignores_fields_without_a_meaning(upload: Call) -> None:
    assert upload(ONE, name="a", file_name="b", context_info="c")["code"] == 0


def test_upload_changes_no_audience(tiktok: Simulator, upload: Call) -> None:
    upload(ONE)

    assert tiktok.audiences() == []


@pytest.mark.parametrize(
    ("content", "rows", "distinct", "unmatched"),
    [
        pytest.param(b"a" * 64 + b"\n" + b"b" * 64 + b"\n", 2, 2, 0, id="two lines"),
        pytest.param(b"a" * 64 + b"\n" + b"b" * 64, 2, 2, 0, id="no newline at the end"),
        pytest.param(b"a" * 64 + b"\n" + b"A" * 64 + b"\n", 2, 1, 0, id="upper case is the same"),
        pytest.param(b"email_sha256\n" + ONE, 2, 1, 1, id="a header is an unmatched row"),
        pytest.param(b"\xef\xbb\xbf" + ONE, 1, 0, 1, id="a BOM spoils its row"),
        pytest.param(b"a" * 64 + b"\r\n", 1, 0, 1, id="a carriage return spoils its row"),
        pytest.param(b'"' + b"a" * 64 + b'"\n', 1, 0, 1, id="quotes spoil their row"),
        pytest.param(ONE + b"\n" + ONE, 3, 1, 1, id="a blank line is a row"),
        pytest.param(b"a" * 63 + b" \n", 1, 0, 1, id="a blank is no hex"),
        pytest.param(b" " * 2 + b"a" * 62 + b"\n", 1, 0, 1, id="blanks in front are no hex"),
        pytest.param(b"g" * 64 + b"\n", 1, 0, 1, id="g is no hex"),
        pytest.param(b"a" * 32 + b"\n" + ONE, 2, 1, 1, id="an MD5 is no SHA-256"),
        pytest.param(b"a" * 32 + b"\n", 1, 0, 1, id="nothing but an MD5"),
        pytest.param(b"x" * 200_000 + b"\n" + ONE, 2, 1, 1, id="an endless line"),
    ],
)
def test_upload_reads_one_id_a_line_and_counts_the_rest(
    tiktok: Simulator, upload: Call, content: bytes, rows: int, distinct: int, unmatched: int
) -> None:
    assert upload(content)["code"] == 0

    seen = tiktok.uploads()[0]
    assert (seen["rows"], seen["distinct_ids"], seen["unmatched_rows"]) == (
        rows,
        distinct,
        unmatched,
    )


def test_upload_of_md5_type_takes_md5_lines_only(tiktok: Simulator, upload: Call) -> None:
    upload(b"b" * 32 + b"\n" + ONE, calculate_type="IDFA_MD5")

    seen = tiktok.uploads()[0]
    assert (seen["rows"], seen["distinct_ids"], seen["unmatched_rows"]) == (2, 1, 1)


def test_upload_shows_raw_identifiers_that_leaked(tiktok: Simulator, upload: Call) -> None:
    upload(b"someone@example.com\n" + ONE + b"+15550100123\n")

    seen = tiktok.uploads()[0]
    assert (seen["raw_emails"], seen["raw_phones"], seen["unmatched_rows"]) == (1, 1, 2)
    assert tiktok.state()["leaks"] == {"unmatched_rows": 2, "raw_emails": 1, "raw_phones": 1}


def test_upload_that_is_refused_still_shows_a_leak_in_the_log(
    tiktok: Simulator, upload: Call
) -> None:
    upload(b"someone@example.com\n", file_signature="0")

    (call,) = tiktok.calls("upload")
    details: Any = call["details"]
    assert details["raw_emails"] == 1


def test_upload_keeps_exact_bytes_when_asked(tiktok: Simulator, upload: Call) -> None:
    content = b"\r\n--almost a boundary\r\n\x00\xff" + ONE
    tiktok.set_options(keep_uploads=True)

    path = upload(content)["data"]["file_path"]

    assert tiktok.content(path) == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(
            b"email_SHA256,PHONE_sha256\n%s,\n,%s\n" % (b"a" * 64, b"b" * 64), 0, id="two"
        ),
        pytest.param(b"maid,MAID_MD5\nABC-1,%s\n" % (b"a" * 32), 0, id="raw device ids"),
        pytest.param(b"email_SHA256," * 2 + b"email_SHA256\n,,\n", 0, id="three times"),
        pytest.param(b"email_SHA256," * 3 + b"email_SHA256\n,,,\n", 40914, id="four times"),
        pytest.param(ONE, 40914, id="no header"),
        pytest.param(b"email,phone_SHA256\n,\n", 40914, id="raw e-mail column"),
        pytest.param(b"email_SHA256,MAID\n%s\n" % (b"a" * 64), 40915, id="a field too few"),
        pytest.param(b"email_SHA256\n%s,\n" % (b"a" * 64), 40915, id="a field too many"),
    ],
)
def test_upload_of_multiple_types_needs_a_known_header_and_even_rows(
    upload: Call, content: bytes, code: int
) -> None:
    assert upload(content, calculate_type="MULTIPLE_TYPES")["code"] == code


def test_upload_of_multiple_types_holds_ids_by_column(
    tiktok: Simulator, upload: Call, post: Call
) -> None:
    content = b"email_sha256,maid_md5\n%s,%s\n%s,\n" % (b"a" * 64, b"b" * 32, b"C" * 64)

    path = upload(content, calculate_type="MULTIPLE_TYPES")["data"]["file_path"]
    post(
        "create",
        custom_audience_name="many",
        file_paths=[path],
        calculate_type="MULTIPLE_TYPES",
    )

    assert tiktok.audiences("many")[0]["ids"] == [
        "MAID_MD5:" + "b" * 32,
        "email_SHA256:" + "a" * 64,
        "email_SHA256:" + "c" * 64,
    ]
