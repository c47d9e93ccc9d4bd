"""Which column is meant: by name, by content, or refused."""

import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.header_names import UNNAMED, rank_of
from audience_uploader.rows.layout import Layout, layout_of

Scrub = Callable[..., Any]
A, B, C, D = (hashlib.sha256(letter.encode()).hexdigest() for letter in "wxyz")

SPELLINGS = {
    "EMAIL_SHA256": (
        *("email_sha256", "hashed_email", "SHA256_Email", "sha256(email)", "hem", "HEM"),
        *("EMAIL_SHA256", "Email SHA-256", "emailSha256", "email_hash", "hashedEmail", "em_sha256"),
        *("sha256_email_address", "customer_email_sha256", "email_sha256_lower", "E-Mail (SHA256)"),
    ),
    "PHONE_SHA256": (
        *("phone_sha256", "hashed_phone", "SHA256_Phone", "phone_number_sha256", "mobile_sha256"),
        *(
            "sha256(phone)",
            "hashed_phone_number",
            "Phone Hash",
            "msisdn_sha256",
            "phone_e164_sha256",
        ),
    ),
    "IDFA_SHA256": ("idfa_sha256", "hashed_idfa", "IDFA SHA256", "maid_sha256", "device_id_sha256"),
    "GAID_SHA256": ("gaid_sha256", "aaid_sha256", "adid_sha256", "hashed_gaid", "maid_sha256"),
    "FIRST_SHA256": (
        *("first_sha256", "maid_sha256", "device_id_sha256", "hashed_device_id", "idfa_sha256"),
        *("gaid_sha256", "mobile_ad_id_sha256", "advertising_id_sha256", "hashed_maid"),
    ),
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in SPELLINGS.items() for name in names]
)
@pytest.mark.parametrize("case", [str, str.upper, str.lower], ids=["as it is", "upper", "lower"])
def test_scrub_column_named_after_the_format_is_taken(
    kind: str, name: str, case: Callable[[str], str], scrubbed: Scrub
) -> None:
    content = f"id,other_sha256,{case(name)},x\n1,{C},{A},y\n2,{D},{B},z\n"

    result = scrubbed(content.encode(), kind)

    assert result.sent == f"{A}\n{B}\n".encode()
    assert (result.read, result.header) == (3, 1)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in SPELLINGS.items() for name in names]
)
def test_scrub_lone_header_word_is_never_sent(kind: str, name: str, scrubbed: Scrub) -> None:
    for content in (name, name + "\n", f'"{name}"\r\n', f"{name}\n{A}\n"):
        result = scrubbed(content.encode(), kind)

        assert result.sent == (f"{A}\n".encode() if A in content else b"")
        assert (result.header, result.rejected) == (1, {})


CHOSEN = {
    "the marked name before the plain one": (f"email,email_sha256\n{C},{A}\n{D},{B}\n", 1),
    "the plain name, if it holds hashes": (f"phone,email\n{C},{A}\n", 1),
    "not the plain name, if it holds none": (f"email,hash\na@b.c,{A}\n", 1),
    "not another type's column instead": (f"email,phone_sha256\na@b.c,{A}\n", 0),
    "the named one, even if it holds none": (f"x_sha256,email_sha256\n{A},\n", 1),
    "the own word before a wider one": (f"maid_sha256,idfa_sha256\n{C},{A}\n", 1, "IDFA_SHA256"),
    "the only one with hashes": (f"id,key,country\n1,{A},DE\n2,{B},FR\n", 1),
    "the only one, whatever its name": (f"phone_sha256\n{A}\n", 0),
    "no header": (f"x,y,{A}\np,q,{B}\n", 2),
}


@pytest.mark.parametrize("case", CHOSEN.values(), ids=CHOSEN)
def test_layout_takes_the_column_that_is_meant(case: tuple[str, int, str]) -> None:
    text, column, *kind = case

    assert layout_of(text.encode(), kind[0] if kind else "EMAIL_SHA256").columns == (column,)


AMBIGUOUS = {
    "two without a header": (f"{A},{B}\n{C},{D}\n", "1 and 2"),
    "two with names that say nothing": (f"a_key,b_key\n{A},{B}\n", r"1 \(a_key\) and 2 \(b_key\)"),
    "two, never in the same row": (f"{A},\n,{B}\n{C},\n", "1 and 2"),
}


@pytest.mark.parametrize("case", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_scrub_several_columns_of_hashes_are_refused_by_position_and_name(
    case: tuple[str, str, str], scrubbed: Scrub
) -> None:
    text, shown, *kind = case

    with pytest.raises(DropRefused, match=shown) as refused:
        scrubbed(text.encode(), kind[0] if kind else "EMAIL_SHA256")

    assert refused.value.reason == "ambiguous_columns"
    assert not any(digest in str(refused.value) for digest in (A, B, C, D))


def test_scrub_a_rare_shifted_row_is_kept_back_and_the_rest_leaves(scrubbed: Scrub) -> None:
    rows = [f"name {number},{A}" for number in range(99)]

    result = scrubbed("\n".join([*rows, f"Doe, Jane,{B}"]).encode())

    assert result.sent == f"{A}\n".encode() * 99
    assert result.rejected == {"wrong_cell_count": (1, [100])}


NOT_HEADERS = {
    "a raw e-mail": "jane@example.com",
    "a raw phone number": "+15550100123",
    "an MD5": A[:32],
    "a cut hash": A[:40],
    "a word for nothing": "null",
    "64 letters": "z" * 64,
    "a word above no hash": "hello",
}


@pytest.mark.parametrize("first", NOT_HEADERS.values(), ids=NOT_HEADERS)
def test_scrub_first_line_that_is_no_header_is_counted_as_a_row(
    first: str, scrubbed: Scrub
) -> None:
    below = "" if first == "hello" else f"{A}\n"

    result = scrubbed(f"{first}\n{below}".encode())

    assert result.header == 0
    assert sum(count for count, _ in result.rejected.values()) == 1


def test_layout_is_decided_on_the_first_chunk_alone(scrubbed: Scrub) -> None:
    top = f"1,{A}\n" * 20
    content = (top + f"{B},{B}\n" * 100).encode()

    result = scrubbed(content, chunk_bytes=len(top))

    assert result.valid == 120
    assert layout_of(top.encode(), "EMAIL_SHA256") == Layout(columns=(1,), width=2)


@pytest.mark.parametrize("top", ["", "\ufeff"], ids=["no mark", "mark"])
def test_layout_counts_the_last_line_of_a_short_drop_and_not_of_a_longer_one(
    top: str, scrubbed: Scrub
) -> None:
    content = f"{top}{A},\n,{B}".encode()

    with pytest.raises(DropRefused, match="1 and 2"):
        scrubbed(content)
    assert scrubbed(content, chunk_bytes=100).valid == 1


def test_scrub_file_of_one_chunk_is_read_as_the_same_file_in_many(scrubbed: Scrub) -> None:
    lines = [f"{number},{hashlib.sha256(b'%d' % number).hexdigest()}" for number in range(500)]
    random.Random(3).shuffle(lines)
    content = ("id;x,hashed_email\r\n" + "\r\n".join(lines)).encode()

    assert scrubbed(content, chunk_bytes=150) == scrubbed(content)


@pytest.mark.parametrize("name", ["", "md5", "email_md5", "name", "country", "user_id", "sha256"])
def test_rank_of_names_that_mean_no_format(name: str) -> None:
    assert {rank_of(name, kind) for kind in SPELLINGS} == {UNNAMED}
