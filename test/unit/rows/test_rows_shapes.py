"""A table of shapes: the exact bytes that leave, and the exact counts."""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.rows.chunks import CHUNK_BYTES

Scrub = Callable[..., Any]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


A, B, C, D = (sha(f"person {letter}") for letter in "abcd")
NOTHING = sha("")
MARK = "\ufeff"

# what is dropped, the identifiers that leave, header rows, rejected: reason -> line numbers
SHAPES = {
    "plain": (f"{A}\n{B}\n", [A, B], 0, {}),
    "no newline at the end": (f"{A}\n{B}", [A, B], 0, {}),
    "a single line": (A, [A], 0, {}),
    "nothing at all": ("", [], 0, {}),
    "CRLF": (f"{A}\r\n{B}\r\n", [A, B], 0, {}),
    "CR": (f"{A}\r{B}\r", [A, B], 0, {}),
    "CR and none at the end": (f"{A}\r{B}", [A, B], 0, {}),
    "mixed line ends": (f"{A}\r{B}\n{C}\r\n{D}", [A, B, C, D], 0, {}),
    "LF CR is a blank line": (f"{A}\n\r{B}\n", [A, B], 0, {"blank": [2]}),
    "upper case": (f"{A.upper()}\n{B.upper()}\n", [A, B], 0, {}),
    "either case in one hash": (f"{A[:32]}{A[32:].upper()}\n{B}\n", [A, B], 0, {}),
    "UTF-8 mark": (f"{MARK}{A}\n{B}\n", [A, B], 0, {}),
    "UTF-8 mark within, of parts joined": (f"{MARK}{A}\n{MARK}{B}\n", [A, B], 0, {}),
    "UTF-8 mark and header": (f"{MARK}email_sha256\n{A}\n", [A], 1, {}),
    "header": (f"email_sha256\n{A}\n{B}\n", [A, B], 1, {}),
    "header after blank lines": (f"\n  \nhashed_email\n{A}\n", [A], 1, {"blank": [1, 2]}),
    "header of an unknown name": (f"Kundenliste 2026\n{A}\n", [A], 1, {}),
    "header and nothing else": ("email_sha256\n", [], 1, {}),
    "header word only, no newline": ("SHA256(Email)", [], 1, {}),
    "header again later": (f"hem\n{A}\nhem\n{B}\n", [A, B], 1, {"not_hex": [3]}),
    "double quotes": (f'"{A}"\n"{B}"\n', [A, B], 0, {}),
    "single quotes": (f"'{A}'\n'{B}'\n", [A, B], 0, {}),
    "quoted with header and CRLF": (f'"hem"\r\n"{A}"\r\n"{B}"\r\n', [A, B], 1, {}),
    "quoted upper case": (f'"{A.upper()}"\n"{B.upper()}"\n', [A, B], 0, {}),
    "blanks around": (f"  {A}\n{B}\t \n\t{C}\n", [A, B, C], 0, {}),
    "the same blanks around": (f" {A} \n {B} \n {C} \n", [A, B, C], 0, {}),
    "blanks around and within quotes": (f' " {A} " \n', [A], 0, {}),
    "empty lines": (f"\n{A}\n\n\n{B}\n\n", [A, B], 0, {"blank": [1, 3, 4, 6]}),
    "lines of blanks and quotes": (f"{A}\n  \t\n\"\"\n''\n", [A], 0, {"blank": [2, 3, 4]}),
    "trailing comma": (f"{A},\n{B},\n", [A, B], 0, {}),
    "trailing commas now and then": (f"{A},\n{B}\n{C},,,\n", [A, B, C], 0, {}),
    "trailing semicolon": (f"{A};\n{B};\n", [A, B], 0, {}),
    "two columns, comma": (f"1,{A}\n2,{B}\n", [A, B], 0, {}),
    "two columns, semicolon": (f"1;{A}\n2,5;{B}\n", [A, B], 0, {}),
    "two columns, tab": (f"1\t{A}\n2, b\t{B}\n", [A, B], 0, {}),
    "two columns, bar": (f"1|{A}\n2|{B}\n", [A, B], 0, {}),
    "tab with empty first cells": (f"1\t{A}\n\t{B}\n", [A, B], 0, {}),
    "columns after the hash": (f"{A},DE,1\n{B},FR,2\n", [A, B], 0, {}),
    "columns of one width": (f"01,{A},DE\r\n02,{B},FR\r\n", [A, B], 0, {}),
    "columns and blanks": (f"1 , {A} , x\n2 , {B} , y\n", [A, B], 0, {}),
    "columns, header by name": (
        f"id,phone_sha256,email_sha256\n1,{C},{A}\n2,{D},{B}\n",
        [A, B],
        1,
        {},
    ),
    "header and one row, no newline": (f"id,hem\n1,{A}", [A], 1, {}),
    "header after a blank line and nothing else": ("\nhem", [], 1, {"blank": [1]}),
    "columns, one row, no newline": (f"1,{A}", [A], 0, {}),
    "all quoted columns": (f'"id","hem","x"\n"1","{A}","DE"\n"2","{B}",""\n', [A, B], 1, {}),
    "all quoted, delimiter within": (f'"a,b","{A}"\n"c","{B}"\n', [A, B], 0, {}),
    "all quoted, a hash within another cell": (
        f'n,hem\n"x,{C},y","{A}"\n"z","{B}"\n',
        [A, B],
        1,
        {},
    ),
    "some quoted, delimiter within": (f'"Doe, Jane",{A}\nMax,{B}\n', [A, B], 0, {}),
    "doubled quotes": (f'"say ""hi"", you",{A}\n"b",{B}\n', [A, B], 0, {}),
    "apostrophe in a name": (f"O'Neil,{A}\nd'Arc, {B}\n", [A, B], 0, {}),
    "a quote moved": (f'"{A}"\n""{B}\n"{C}"\n', [A, C], 0, {"broken_quotes": [2]}),
    "one letter wrong within quotes": (
        f'"{A}"\n"{B[:63]}g"\n"{C}"\n',
        [A, C],
        0,
        {"not_hex": [2]},
    ),
    "one letter wrong before CRLF": (f"{A}\r\n{B[:63]}g\r\n", [A], 0, {"not_hex": [2]}),
    "quotes around two lines": (f'"{A}\n{B}"\n', [], 0, {"not_hex": [1]}),
    "some quoted, a hash within another cell": (f'"x,{C},y",{A}\nz,{B}\n', [A, B], 0, {}),
    "a quote never closed before the hash": (
        f'"ab,{A}\nx,{B}\n',
        [B],
        0,
        {"broken_quotes": [1]},
    ),
    "a quote closed too early": (f'"ab"c,{A}\nx,{B}\n', [B], 0, {"broken_quotes": [1]}),
    "a quote never closed": (f'"{A}\n{B}\n', [B], 0, {"broken_quotes": [1]}),
    "a newline within quotes is a blank": (f'"{A}\n"\n{B}\n', [A, B], 0, {}),
    "a row with too few columns": (
        f"1,{A}\n2\n\n3,{B}\n",
        [A, B],
        0,
        {"wrong_cell_count": [2], "blank": [3]},
    ),
    "a hash in too few columns": (f"id,hem\n1,{A}\n{B}\n", [A], 1, {"wrong_cell_count": [3]}),
    "an empty cell": (f"1,{A}\n2,\n3,{B}\n", [A, B], 0, {"blank": [2]}),
    "raw e-mail": (f"{A}\njane@example.com\n{B}\n", [A, B], 0, {"raw_email": [2]}),
    "raw e-mail first": (f"jane@example.com\n{B}\n", [B], 0, {"raw_email": [1]}),
    "raw phone numbers": (
        f"{A}\n+15550100123\n(555) 010-0199\n0049 30 1234567\n5550100123\n",
        [A],
        0,
        {"raw_phone": [2, 3, 4, 5]},
    ),
    "MD5": (f"{A}\n{A[:32]}\n{B}\n", [A, B], 0, {"md5": [2]}),
    "wrong length": (f"{A}\n{A[:63]}\n{B}0\nabc\n", [A], 0, {"wrong_length": [2, 3, 4]}),
    "not hex": (f"{A}\n{A[:63]}g\n{'z' * 64}\nnan\nn/a\n", [A], 0, {"not_hex": [2, 3, 4, 5]}),
    "a device id unhashed": (
        f"{A}\n00000000-0000-0000-0000-000000000000\n",
        [A],
        0,
        {"raw_device": [2]},
    ),
    "lengths that make up for each other": (
        f"1,{A}\n2,\n3,{B}{C}\n",
        [A],
        0,
        {"blank": [2], "sha512": [3]},
    ),
    "two hashes glued": (f"{A}\n{A}{B}0\n", [A], 0, {"wrong_length": [2]}),
    "hash of nothing": (f"{A}\n{NOTHING}\n{B}\n", [A, B], 0, {"hash_of_nothing": [2]}),
    "hash of nothing, upper case": (f"{NOTHING.upper()}\n", [], 0, {"hash_of_nothing": [1]}),
    "hash of nothing, quoted": (f'"{A}"\n"{sha("nan")}"\n', [A], 0, {"hash_of_nothing": [2]}),
    "hash of nothing among columns": (
        f"1,{A}\n2,{sha('null')}\n",
        [A],
        0,
        {"hash_of_nothing": [2]},
    ),
    "every reason at once": (
        f"hem\n{A}\na@b.c\n+4930123456\n{A[:32]}\nabcd\n\nxyz\n{sha('None')}\n{B}",
        [A, B],
        1,
        {
            "raw_email": [3],
            "raw_phone": [4],
            "md5": [5],
            "wrong_length": [6],
            "blank": [7],
            "not_hex": [8],
            "hash_of_nothing": [9],
        },
    ),
    "the same hash twice leaves twice": (f"{A}\n{A}\n", [A, A], 0, {}),
}
REPEATABLE = {
    name: shape for name, shape in SHAPES.items() if not shape[2] and shape[0][-1:] in ("\n", "\r")
}
ENCODINGS = {
    "as it is": lambda text: text.encode(),
    "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
    "gzip of two members": lambda text: (
        gzip.compress(text.encode()[:70], mtime=0) + gzip.compress(text.encode()[70:], mtime=0)
    ),
    "UTF-16 LE": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 in gzip": lambda text: gzip.compress(b"\xff\xfe" + text.encode("utf-16-le"), mtime=0),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize(("text", "sent", "header", "rejected"), SHAPES.values(), ids=SHAPES)
def test_scrub_each_shape_sends_exactly_the_identifiers(
    text: str,
    sent: list[str],
    header: int,
    rejected: dict[str, list[int]],
    encode: Callable[[str], bytes],
    scrubbed: Scrub,
) -> None:
    content = encode(text)

    result = scrubbed(content)

    assert result.sent == "".join(f"{digest}\n" for digest in sent).encode()
    assert {reason: lines for reason, (_, lines) in result.rejected.items()} == rejected
    assert all(count == len(lines) for count, lines in result.rejected.values())
    assert (result.valid, result.header) == (len(sent), header)
    assert result.read == result.valid + sum(map(len, rejected.values())) + header


@pytest.mark.parametrize(("text", "sent", "_", "rejected"), REPEATABLE.values(), ids=REPEATABLE)
def test_scrub_each_shape_many_times_over_sends_it_as_often(
    text: str, sent: list[str], _: int, rejected: dict[str, list[int]], scrubbed: Scrub
) -> None:
    result = scrubbed((text * 40).encode(), chunk_bytes=1000)

    assert result.sent == "".join(f"{digest}\n" for digest in sent).encode() * 40
    assert {reason: count for reason, (count, _) in result.rejected.items()} == {
        reason: len(lines) * 40 for reason, lines in rejected.items()
    }


def test_scrub_many_bad_lines_names_the_first_five_of_a_reason(scrubbed: Scrub) -> None:
    content = (f"{A}\n" + "jane@example.com\n") * 10

    result = scrubbed(content.encode())

    assert result.rejected == {"raw_email": (10, [2, 4, 6, 8, 10])}
    assert result.raw_identifiers


def test_scrub_only_hashes_says_that_nothing_was_raw(scrubbed: Scrub) -> None:
    assert not scrubbed(f"{A}\nabc\n".encode()).raw_identifiers


@pytest.mark.parametrize("size", [64 * 1024 + 1, 300_000, 3_000_000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_scrub_overlong_line_counts_once_as_wrong_length(
    size: int, end: str, scrubbed: Scrub
) -> None:
    blocks = [
        A.encode() + end.encode(),
        *([b"x" * 1000] * (size // 1000 + 1)),
        end.encode(),
        B.encode(),
    ]

    result = scrubbed(blocks)

    assert result.sent == f"{A}\n{B}\n".encode()
    assert (result.read, result.rejected) == (3, {"wrong_length": (1, [2])})


def test_scrub_overlong_line_that_ends_with_a_chunk_hides_no_other(scrubbed: Scrub) -> None:
    for end in ("\r", "\r\n", "\n"):
        content = b"x" * (CHUNK_BYTES - 1) + end.encode() + f"{A}\n".encode()

        result = scrubbed(content)

        assert (result.sent, result.read) == (f"{A}\n".encode(), 2)


@pytest.mark.parametrize(
    ("length", "valid"), [(64 * 1024, True), (64 * 1024 + 1, False)], ids=["longest", "too long"]
)
def test_scrub_hash_among_blanks_counts_by_the_length_of_its_line(
    length: int, valid: bool, scrubbed: Scrub
) -> None:
    content = f"{A}\n{B.rjust(length)}\n{C}\n"

    result = scrubbed(content.encode())

    assert result.valid == 2 + valid
    assert ("wrong_length" in result.rejected) is not valid
