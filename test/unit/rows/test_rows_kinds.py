"""The files that people really have, a table for each kind: what leaves, and what is counted."""

import base64
import gzip
import hashlib
import random
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows import RowCounts, scrub

Scrub = Callable[..., Any]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


A, B, C, D = (sha(f"someone {letter}") for letter in "abcd")
P, Q, R, S = (sha(f"another column {letter}") for letter in "abcd")
TABLE = "name,phone_sha256,email_sha256"

# what is dropped, what leaves, reason -> line numbers
CELL_COUNTS = {
    "a comma too many in one row": (
        f"{TABLE}\nAnn,{P},{A}\nDoe, J,{Q},{B}\nEve,{R},{C}\n",
        [A, C],
        {"wrong_cell_count": [3]},
    ),
    "a comma too many in all rows": (
        f"{TABLE}\nDoe, J,{P},{A}\nDoe, J,{Q},{B}\n",
        [],
        {"wrong_cell_count": [2, 3]},
    ),
    "a cell too few": (f"{TABLE}\nAnn,{A}\nEve,{P},{B}\n", [B], {"wrong_cell_count": [2]}),
    "a comma too many and the last cell blank": (
        f"{TABLE},note\nDoe, J,{P},{A},\nEve,{Q},{B},x\n",
        [B],
        {"wrong_cell_count": [2]},
    ),
    "commas after the only column that counts": (f"email_sha256\n{A},\n{B},,\n", [A, B], {}),
    "a comma too many behind the first column": (
        f"email_sha256,name\n{A},Doe, J\n{B},Eve\n",
        [B],
        {"wrong_cell_count": [2]},
    ),
    "a cut last line": (f"{TABLE}\nAnn,{P},{A}\nEve,{Q}", [A], {"wrong_cell_count": [3]}),
    "blank rows of commas": (f"{TABLE}\nAnn,{P},{A}\n,,\n,\n", [A], {"blank": [3, 4]}),
    "R's row numbers": (f'"email_sha256","n"\n"1","{A}",1\n"2","{B}",2\n', [A, B], {}),
    "R's row names": (f'"n","email_sha256"\n"ann",1,"{A}"\n"eve",2,"{B}"\n', [A, B], {}),
    "row numbers that would explain nothing": (
        f"email_sha256,phone_sha256\n{A},{P},x\n{B},{Q},y\n",
        [],
        {"wrong_cell_count": [2, 3]},
    ),
}
QUOTES = {
    "quotes escaped by a backslash": (
        f'{TABLE}\n"Ann \\"A, B\\" C",{P},{A}\n"Eve",{Q},{B}\n',
        [A, B],
        {},
    ),
    "a backslash that escapes nothing": (f'{TABLE}\n"C:\\",{P},{A}\n"x",{Q},{B}\n', [A, B], {}),
    "quotes escaped in one row of many": (
        f"{TABLE}\n" + f'"Ann",{P},{A}\n' * 3 + f'"say \\"x, y\\"",{Q},{B}\n',
        [A, A, A, B],
        {},
    ),
    "an inch": (f'{TABLE}\n24" screen,{P},{A}\nEve,{Q},{B}\n', [A, B], {}),
    "a quote within a quoted cell": (
        f'{TABLE}\n"Ann "A, B" C",{P},{A}\n"Eve",{Q},{B}\n',
        [B],
        {"broken_quotes": [2]},
    ),
    "quotes that swallow the comma between": (
        f'{TABLE}\n"Ann", x",{P}\n"Eve",{Q},{B}\n',
        [B],
        {"broken_quotes": [2]},
    ),
    "a line break in another cell": (
        f'{TABLE}\n"Ann\nLee",{P},{A}\nEve,{Q},{B}\n',
        [A, B],
        {},
    ),
    "line breaks and quotes in another cell": (
        f'{TABLE}\r\n"Ann\r\n""x"",{R}\r\n",{P},{A}\r\nEve,{Q},{B}\r\n',
        [A, B],
        {},
    ),
    "a line break in the last cell": (f'email_sha256,note\n{A},"x\n{P}\n"\n{B},y\n', [A, B], {}),
    "a line break in the header": (f'"e\nmail","email\nsha256"\n{P},{A}\n{Q},{B}\n', [A, B], {}),
    "a hash on a line of its own in a cell": (
        f'note,email_sha256\n"x\n{P}\ny",{A}\nz,{B}\n',
        [A, B],
        {},
    ),
    "a bad row behind a record of three lines": (
        f'note,email_sha256\n"1\n2\n3",{A}\nz,abc\n',
        [A],
        {"wrong_length": [5]},
    ),
    "a quote that never closes": (
        f'{TABLE}\nAnn,{P},{A}\n"Eve,{Q},{B}\nUma,{R},{C}\n',
        [A, C],
        {"broken_quotes": [3]},
    ),
    "a quote that closes rows later": (
        f'{TABLE}\n"Ann,{P},{A}\nEve,{Q},{B}\n"Uma",{R},{C}\n',
        [B, C],
        {"broken_quotes": [2]},
    ),
}
TOPS = {
    "sep=": f"sep=;\r\nemail_sha256;phone_sha256\r\n{A};{P}\r\n{B};{Q}\r\n",
    "sep= quoted, of one column": f'"sep=,"\nemail_sha256\n{A}\n{B}\n',
    "sep= without names": f"sep=;\n{A};x\n{B};y\n",
    "comments": f"# Template\n# One row each, phone first\nphone,email_sha256\n{P},{A}\n{Q},{B}\n",
    "comments without names": f"# exported\n{A}\n{B}\n",
    "a title": f"Customers of June\n\nname,phone_sha256,email_sha256\nx,{P},{A}\ny,{Q},{B}\n",
    "a title as wide as the table": f"Customers,,\n{TABLE}\nx,{P},{A}\ny,{Q},{B}\n",
    "a question mark": f"opt-in?,email_sha256,phone_sha256\ny,{A},{P}\ny,{B},{Q}\n",
    "a digit first": f"2nd_name,phone_sha256,email_sha256\ny,{P},{A}\ny,{Q},{B}\n",
    "signs": f"%,&,'x,*,[a],phone_sha256,email_sha256\n1,2,3,4,5,{P},{A}\n1,2,3,4,5,{Q},{B}\n",
    "a long name": f"{'long ' * 20},phone_sha256,email_sha256\n1,{P},{A}\n1,{Q},{B}\n",
    "another alphabet": f"имя,phone_sha256,email_sha256\n1,{P},{A}\n1,{Q},{B}\n",
    "an unnamed column": f",phone_sha256,email_sha256\n1,{P},{A}\n2,{Q},{B}\n",
}
FORMS: dict[str, tuple[Callable[[str], str], str]] = {
    "base64": (lambda h: base64.b64encode(bytes.fromhex(h)).decode(), "base64"),
    "base64 not padded": (
        lambda h: base64.b64encode(bytes.fromhex(h)).decode().rstrip("="),
        "base64",
    ),
    "base64url": (lambda h: base64.urlsafe_b64encode(bytes.fromhex(h)).decode(), "base64"),
    "base64 of the digits": (lambda h: base64.b64encode(h.encode()).decode(), "base64"),
    "0x": (lambda h: "0x" + h.upper(), "hex_0x"),
    "\\x": (lambda h: "\\x" + h, "hex_backslash_x"),
    "\\\\x": (lambda h: "\\\\x" + h, "hex_backslash_x"),
    "x''": (lambda h: f"X'{h}'", "hex_literal"),
    "sha256:": (lambda h: f"sha256:{h}", "hex_literal"),
    "pairs with blanks": (lambda h: bytes.fromhex(h).hex(" "), "hex_pairs"),
    "pairs with colons": (lambda h: bytes.fromhex(h).hex(":").upper(), "hex_pairs"),
    "pairs with dashes": (lambda h: bytes.fromhex(h).hex("-"), "hex_pairs"),
    "Excel's formula": (lambda h: f'="{h}"', "excel_text"),
    "Excel's formula, quoted": (lambda h: f'"=""{h}"""', "excel_text"),
    "Excel's apostrophe": (lambda h: f"'{h}", "excel_text"),
    "no-break blank before": (lambda h: f"\xa0{h}", "invisible_blanks"),
    "no-break blank after": (lambda h: f"{h}\u202f", "invisible_blanks"),
    "zero-width": (lambda h: f"\u200b{h}\u2060", "invisible_blanks"),
    "marks of direction": (lambda h: f"\u202a{h}\u202c", "invisible_blanks"),
    "byte order mark after": (lambda h: f"{h}\ufeff", "invisible_blanks"),
}
OTHER_HASHES = {
    "md5": hashlib.md5(b"x").hexdigest(),
    "sha1": hashlib.sha1(b"x").hexdigest(),
    "sha224": hashlib.sha224(b"x").hexdigest(),
    "sha384": hashlib.sha384(b"x").hexdigest(),
    "sha512": hashlib.sha512(b"x").hexdigest().upper(),
}
RAW = {
    "raw_phone": [
        *("4.91701E+12", "4,91701E+12", "\u202a+491701234567\u202c", "tel:+491701234567"),
        *("p:+491701234567", "491701234567.0", "'+491701234567", "=491701234567"),
        *("+49\xa0170\xa01234567", "+49\u2011170\u20111234567", "+1 (555) 010-0199 x12"),
        *("＋４９１７０１２３４５６７", "0049.170.1234567", "whatsapp:+491701234567"),  # noqa: RUF001
    ],
    "raw_device": [
        *("6D92078A-8246-4BA4-AE5B-76104861E7DC", "{6d92078a-8246-4ba4-ae5b-76104861e7dc}"),
        *(
            "urn:uuid:6d92078a-8246-4ba4-ae5b-76104861e7dc",
            "\u200b6d92078a-8246-4ba4-ae5b-76104861e7dc",
        ),
        *("idfa:6D92078A-8246-4BA4-AE5B-76104861E7DC", "00000000-0000-0000-0000-000000000000"),
    ],
    "raw_email": ["mailto:a@b.com", "Ann <a@b.com>", "a＠b.com", "a%40b.com", "\u200ba@b.com"],  # noqa: RUF001
}


@pytest.mark.parametrize("chunk_bytes", [256 * 1024, 300], ids=["one block", "blocks"])
@pytest.mark.parametrize("case", (CELL_COUNTS | QUOTES).values(), ids=CELL_COUNTS | QUOTES)
def test_scrub_table_sends_the_meant_cells_only(
    case: tuple[str, list[str], dict[str, list[int]]], chunk_bytes: int, scrubbed: Scrub
) -> None:
    text, sent, rejected = case

    result = scrubbed(text.encode(), chunk_bytes=chunk_bytes)

    assert result.sent.decode().split() == sent
    assert {reason: lines for reason, (_, lines) in result.rejected.items()} == rejected
    assert result.read == result.header + len(sent) + sum(map(len, rejected.values()))


@pytest.mark.parametrize("text", TOPS.values(), ids=TOPS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_scrub_header_is_found_whatever_stands_above_or_beside_it(
    text: str, encoding: str, scrubbed: Scrub
) -> None:
    result = scrubbed(text.encode(encoding))

    assert result.sent.decode().split() == [A, B]
    assert result.rejected in ({}, {"blank": (1, [2])})


def test_scrub_latin_1_name_spoils_no_other(scrubbed: Scrub) -> None:
    text = f"Stra\xdfe,phone_sha256,email_sha256\nx,{P},{A}\n"

    assert scrubbed(text.encode("latin-1")).sent == f"{A}\n".encode()


def test_scrub_raw_row_above_a_header_word_is_counted_as_a_row(scrubbed: Scrub) -> None:
    result = scrubbed(f"jane@example.com\nemail_sha256\n{A}\n".encode())

    assert (result.read, result.header) == (3, 0)
    assert result.rejected == {"raw_email": (1, [1]), "not_hex": (1, [2])}


@pytest.mark.parametrize(("dress", "form"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("top", ["", "email_sha256\n", "id\temail_sha256\n"])
def test_scrub_other_form_is_converted_and_counted(
    dress: Callable[[str], str], form: str, top: str
) -> None:
    counts = RowCounts()
    lead = "7\t" if "\t" in top else ""
    text = top + "".join(f"{lead}{dress(digest)}\n" for digest in (A, B, C))

    sent = b"".join(scrub([text.encode()], "EMAIL_SHA256", counts))

    assert sent.decode().split() == [A, B, C]
    assert (counts.converted, counts.rejected) == ({form: 3}, {})


@pytest.mark.parametrize("form", FORMS)
def test_scrub_other_form_of_the_hash_of_nothing_is_kept_back(form: str, scrubbed: Scrub) -> None:
    dress = FORMS[form][0]

    result = scrubbed(f"{A}\n{dress(sha(''))}\n".encode())

    assert result.rejected == {"hash_of_nothing": (1, [2])}


@pytest.mark.parametrize("reason", OTHER_HASHES)
def test_scrub_other_hash_is_named(reason: str, scrubbed: Scrub) -> None:
    assert scrubbed(f"{OTHER_HASHES[reason]}\n{A}\n".encode()).rejected == {reason: (1, [1])}


@pytest.mark.parametrize(
    ("reason", "cell"), [(reason, cell) for reason, cells in RAW.items() for cell in cells]
)
def test_scrub_raw_identifier_in_an_odd_form_counts_as_raw(
    reason: str, cell: str, scrubbed: Scrub
) -> None:
    result = scrubbed(f"{A}\n{cell}\n{B}\n".encode())

    assert result.rejected == {reason: (1, [2])}
    assert result.raw_identifiers


SEVERAL = {
    "the same name twice": (f"email_sha256,email_sha256\n{A},{B}\n{C},{D}\n", [A, B, C, D], {}),
    "one blank": (f"email_sha256,n,email_sha256\n{A},1,\n,2,{B}\n", [A, B], {}),
    "all blank": (f"email_sha256,n,email_sha256\n,1,\n{A},2,{B}\n", [A, B], {"blank": [2]}),
    "one bad": (f"email_sha256,email_sha256\n{A},abc\n", [A], {"wrong_length": [2]}),
    "one that stays": (f"email_sha256,phone_sha256,email_sha256\n{A},{P},{B}\n", [A, B], {}),
}


@pytest.mark.parametrize("case", SEVERAL.values(), ids=SEVERAL)
def test_scrub_several_columns_of_the_format_are_all_taken(
    case: tuple[str, list[str], dict[str, list[int]]], scrubbed: Scrub
) -> None:
    text, sent, rejected = case

    result = scrubbed(text.encode())

    assert result.sent.decode().split() == sent
    assert {reason: lines for reason, (_, lines) in result.rejected.items()} == rejected
    assert result.read == len(text.splitlines())


def test_scrub_both_kinds_of_device_id_are_taken_for_first(scrubbed: Scrub) -> None:
    text = f"idfa_sha256,gaid_sha256,email_sha256\n{A},{B},{P}\n"

    assert scrubbed(text.encode(), "FIRST_SHA256").sent.decode().split() == [A, B]


def test_scrub_ctrl_a_between_cells_is_a_delimiter(scrubbed: Scrub) -> None:
    assert scrubbed(f"1\x01{A}\x01x\n2\x01{B}\x01\\N\n".encode()).sent.decode().split() == [A, B]


def _framed(payload: bytes, size: int) -> bytes:
    return size.to_bytes(4) + len(payload).to_bytes(4) + payload


LIST = "".join(f"{sha(str(number))}\n" for number in range(2000)).encode()
_RAW_DEFLATE = zlib.compressobj(wbits=-15)
BINARY = {
    "Snappy": _framed(b"\xd0\x0f\xf0\x3f" + LIST[:2000], 2000),
    "LZ4": _framed(b"\xf0\xff\x7c" + LIST[:300], 4000),
    "raw deflate": _RAW_DEFLATE.compress(LIST) + _RAW_DEFLATE.flush(),
    "zlib": zlib.compress(LIST),
    "binary": LIST[:650] + b"\0" + LIST[:650],
    "JSON": f'{{"email": "{A}"}}\n{{"email": "{B}"}}\n'.encode(),
    "JSON ": f'[\n  {{"email": "{A}"}},\n  {{"email": "{B}"}}\n]\n'.encode(),
    "JSON  ": f'{{"email":\n "{A}"}}\n'.encode(),
}


@pytest.mark.parametrize("word", BINARY)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_scrub_content_that_is_no_rows_is_named(
    word: str, pack: Callable[[bytes], bytes], scrubbed: Scrub
) -> None:
    with pytest.raises(DropRefused, match=word.strip()) as refused:
        scrubbed(pack(BINARY[word]))

    assert refused.value.reason == "unsupported_content"


@pytest.mark.parametrize("text", [f"{A}\n{B}\n\x1a", f"\x0b{A}\n{B}\x0c\n"])
def test_scrub_harmless_control_bytes_are_passed_over(text: str, scrubbed: Scrub) -> None:
    assert scrubbed(text.encode()).sent.decode().split() == [A, B]


NO_ROWS = {
    "nothing": b"",
    "an empty gzip": gzip.compress(b"", mtime=0),
    "a header": b"email_sha256\n",
    "a header of a table": b"id,email_sha256",
    "sep= and a header": b"sep=;\nid;email_sha256\n",
    "blank lines": b"\n\r\n  \n",
    "a header and blank lines": b"email_sha256\n\n\n",
    "a mark": b"\xef\xbb\xbf",
}


@pytest.mark.parametrize("content", NO_ROWS.values(), ids=NO_ROWS)
def test_scrub_file_without_a_row_is_told_from_one_without_a_valid_row(content: bytes) -> None:
    counts = RowCounts()

    assert list(scrub([content], "EMAIL_SHA256", counts)) == []
    assert counts.holds_no_row


@pytest.mark.parametrize("content", [b"email_sha256\nabc\n", b"id,email_sha256\n7,\n", b"x"])
def test_scrub_file_with_rows_holds_rows(content: bytes) -> None:
    counts = RowCounts()

    list(scrub([content], "EMAIL_SHA256", counts))

    assert not counts.holds_no_row


@pytest.mark.parametrize("names", ["given_name,hashed_thing,other_thing", "a,b,c"])
def test_scrub_refusal_lists_the_columns_and_says_how_to_name_one(
    names: str, scrubbed: Scrub
) -> None:
    with pytest.raises(DropRefused) as refused:
        scrubbed(f"{names}\n1,{P},{Q}\n".encode(), "PHONE_SHA256")

    assert names.replace(",", ", ") in refused.value.message
    assert "the name phone_sha256" in refused.value.message


def test_scrub_refusal_shows_nothing_that_may_be_an_identifier(scrubbed: Scrub) -> None:
    with pytest.raises(DropRefused) as refused:
        scrubbed(f"a@b.com,{'0' * 33},+491701234567\n{P},{Q},x\n".encode())

    assert not any(text in refused.value.message for text in ("a@b", "000", "491701"))


def test_scrub_quoted_line_breaks_in_every_row_are_read_in_flat_memory(scrubbed: Scrub) -> None:
    digests = [sha(f"id {number}") for number in range(3000)]
    text = "note,email_sha256\n" + "".join(f'"x\n{P}\ny",{digest}\n' for digest in digests)

    result = scrubbed(text.encode(), chunk_bytes=1000)

    assert result.sent.decode().split() == digests


def test_scrub_random_cuts_of_records_over_lines_change_nothing(scrubbed: Scrub) -> None:
    text = ("note,email_sha256\n" + f'"x\r\n, ""y""",{A}\n"z",{B}\nz,{C}\n' * 200).encode()
    cuts = sorted(random.Random(5).sample(range(len(text)), 60))
    blocks = [text[at:end] for at, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert scrubbed(blocks, chunk_bytes=257) == scrubbed(text)
