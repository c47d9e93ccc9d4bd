"""Files as particular programs write them, and files put together from several."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.domain.outcomes import DropRefused

Scrub = Callable[..., Any]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


A, B, C, D = (sha(f"writer {letter}") for letter in "abcd")
P, Q = (sha(f"writer's other column {letter}") for letter in "ab")

# what is dropped, what leaves, reason -> line numbers
WRITERS = {
    "R's write.table": (
        f'"email_sha256" "phone_sha256"\n"1" "{A}" "{P}"\n"2" "{B}" "{Q}"\n',
        [A, B],
        {},
    ),
    "R without quotes and row names": (f"name email_sha256\nann {A}\neve {B}\n", [A, B], {}),
    "blanks in a table of commas": (f"Full Name,Email\nAnn Lee,{A}\nEve Poe,{B}\n", [A, B], {}),
    "a tilde between cells": (f"phone_sha256~email_sha256\n{P}~{A}\n{Q}~{B}\n", [A, B], {}),
    "pandas' index": (f",phone_sha256,email_sha256\n0,{P},{A}\n1,{Q},{B}\n", [A, B], {}),
    "Python's bytes": (f"email_sha256\nb'{A}'\nb\"{B}\"\n", [A, B], {}),
    "Salesforce's custom fields": (
        f"Id,Hashed_Phone__c,Hashed_Email__c\n003A,{P},{A}\n003B,{Q},{B}\n",
        [A, B],
        {},
    ),
    "Salesforce Data Cloud": (
        f"ssot__PhoneNumber__c,ssot__EmailAddress__c\n{P},{A}\n{Q},{B}\n",
        [A, B],
        {},
    ),
    "commas escaped by a backslash": (
        f"name,phone_sha256,email_sha256\nDoe\\, J,{P},{A}\nEve,{Q},{B}\n",
        [A, B],
        {},
    ),
    "rows that end in a delimiter": (
        f"id|email_sha256|country\n1|{A}|DE|\n2|{B}||\n",
        [A, B],
        {},
    ),
    "a header that ends in a delimiter": (f"id,email_sha256,\n1,{A}\n2,{B}\n", [A, B], {}),
    "rows that end in a delimiter and may be moved": (
        f"name,phone_sha256,email_sha256\nDoe, J,{P},\nPoe, E,{Q},\n",
        [],
        {"wrong_cell_count": [2, 3]},
    ),
    "a title, a date and blanks above": (
        f"Report,Audience,,\nDate,2024-01-31,,\n,,,\nid,email_sha256,phone_sha256,n\n1,{A},{P},x\n",
        [A],
        {},
    ),
    "the number of rows below": (f"email_sha256\n{A}\n(1 row)\n", [A], {"not_hex": [3]}),
    "typographic quotes": (f"email_sha256\n\u201c{A}\u201d\n\u201e{B}\u201c\n", [A, B], {}),
    "an invisible mark within": (f"email_sha256\n{A[:9]}\u200b{A[9:]}\n", [A], {}),
    "the same header again": (
        f"id,email_sha256\n1,{A}\nid,email_sha256\n2,{B}\n",
        [A, B],
        {"not_hex": [3]},
    ),
    "a header of the same meaning again": (
        f"email_sha256\n{A}\nHashed Email\n{B}\n",
        [A, B],
        {"not_hex": [3]},
    ),
    "another column's name as a value": (
        f"id,email_sha256,country\n1,{A},DE\n2,country,DE\n",
        [A],
        {"not_hex": [3]},
    ),
}


@pytest.mark.parametrize("chunk_bytes", [256 * 1024, 300], ids=["one block", "blocks"])
@pytest.mark.parametrize("case", WRITERS.values(), ids=WRITERS)
def test_scrub_writers_files_give_the_meant_cells_only(
    case: tuple[str, list[str], dict[str, list[int]]], chunk_bytes: int, scrubbed: Scrub
) -> None:
    text, sent, rejected = case

    result = scrubbed(text.encode(), chunk_bytes=chunk_bytes)

    assert result.sent.decode().split() == sent
    assert {reason: lines for reason, (_, lines) in result.rejected.items()} == rejected


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16"])
def test_scrub_wide_text_with_a_mark_is_decoded(encoding: str, scrubbed: Scrub) -> None:
    text = f"sep=;\r\nid;email_sha256\r\n1;{A}\r\n2;{B}\r\n"

    assert scrubbed(text.encode(encoding)).sent.decode().split() == [A, B]


REORDERED = {
    "a table of another order": f"id,email_sha256\n1,{A}\nemail_sha256,id\n{B},2\n",
    "a table of another column": f"id,email_sha256,n\n1,{A},x\nid,phone_sha256,n\n1,{P},x\n",
    "quoted": f'"id","email_sha256"\n"1","{A}"\n"email_sha256","id"\n"{B}","2"\n',
    "a list of another kind": f"email_sha256\n{A}\n{B}\nphone_sha256\n{P}\n",
}


@pytest.mark.parametrize("text", REORDERED.values(), ids=REORDERED)
@pytest.mark.parametrize("before", [0, 2000], ids=["soon", "late"])
def test_scrub_header_of_another_order_within_is_refused(
    text: str, before: int, scrubbed: Scrub
) -> None:
    top, row, *others = text.splitlines(keepends=True)

    with pytest.raises(DropRefused, match=r"Line \d+ is a header") as refused:
        scrubbed((top + row + row * before + "".join(others)).encode())

    assert refused.value.reason == "ambiguous_columns"


CONTENTS = {
    "web page": f"<!DOCTYPE html>\n<html><td>{A}</td>",
    "XML": f"<?xml version='1.0'?>\n<id>{A}</id>\n",
    "SQL": f"INSERT INTO ids VALUES ('{A}');\n",
    "JSON": f"['{A}', '{B}', '{C}']\n",
    "Git LFS": f"version https://git-lfs.github.com/spec/v1\noid sha256:{A}\nsize 9\n",
    "NUL": f"email_sha256\n{A}\0\n{B}\0\n",
}


@pytest.mark.parametrize("word", CONTENTS)
def test_scrub_text_that_is_no_table_is_named(word: str, scrubbed: Scrub) -> None:
    with pytest.raises(DropRefused, match=word) as refused:
        scrubbed(CONTENTS[word].encode())

    assert refused.value.reason == "unsupported_content"


def test_scrub_raw_snappy_without_a_control_byte_is_named(scrubbed: Scrub) -> None:
    text = "".join(f"{sha(str(number))}\n" for number in range(1000)).encode()[:65_000]
    packed = b"\xe8\xfb\x43\xf4\xe7\xfd" + text  # the length, then all of it as one literal

    with pytest.raises(DropRefused, match="raw Snappy"):
        scrubbed(packed)


@pytest.mark.parametrize("date", ["2024-01-31", "31.01.2024", "1/31/2024", "2024/1/31"])
def test_scrub_date_is_no_raw_phone(date: str, scrubbed: Scrub) -> None:
    result = scrubbed(f"{A}\n{date}\n{B}\n".encode())

    assert result.rejected == {"not_hex": (1, [2])}
    assert not result.raw_identifiers
