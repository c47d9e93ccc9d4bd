"""Files and forms are read the same however their bytes are cut, against slow oracles."""

import hashlib
import http.client
from collections.abc import Iterator

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from local.tiktok_simulator import Simulator
from local.tiktok_simulator.id_file import IdFile
from local.tiktok_simulator.id_lines import read_plain
from local.tiktok_simulator.multipart import BadFormError, read_form

CONTENT_TYPE = "multipart/form-data; boundary=XX"
HEX = "0123456789abcdefABCDEF"
LINES = st.one_of(
    st.text(HEX, min_size=64, max_size=64),
    st.text(HEX, min_size=32, max_size=32),
    st.text(HEX + ' \r\t@,"', max_size=66),
    st.just(""),
).map(str.encode)
FILES = st.builds(
    lambda lines, end: b"\n".join(lines) + end,
    st.lists(LINES, max_size=12),
    st.sampled_from([b"", b"\n"]),
)


def cut(content: bytes, size: int) -> Iterator[bytes]:
    yield from (content[i : i + size] for i in range(0, len(content), size))


def form_of(file: bytes, *, fields: dict[str, str]) -> bytes:
    parts = b"".join(
        f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head = b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return parts + head + file + b"\r\n--XX--\r\n"


@given(content=FILES, size=st.integers(1, 200), width=st.sampled_from([64, 32]))
@settings(deadline=None, max_examples=300)
def test_file_cut_anywhere_equals_the_reading_line_by_line(
    content: bytes, size: int, width: int
) -> None:
    lines = content.removesuffix(b"\n").split(b"\n") if content else []
    good = {line.lower().decode() for line in lines if len(line) == width and line.isalnum()}
    unmatched = sum(line.lower().decode() not in good for line in lines)
    file = IdFile("a.csv", b"<" + content + b">", 1, 1 + len(content))

    reading = read_plain(file.blocks(size), width)

    assert reading.ids == good
    assert (reading.rows, reading.unmatched_rows) == (len(lines), unmatched)
    assert (file.size, file.md5) == (len(content), hashlib.md5(content).hexdigest())


@given(
    file=st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from([b"\r\n", b"--XX", b"--", b"-", b"XX", b"\r\n--X", b"a"])).map(
            b"".join
        ),
    ).filter(lambda file: b"\r\n--XX\r\n" not in b"\r\n" + file + b"\r\n"
             and b"\r\n--XX--" not in b"\r\n" + file + b"\r\n"),
    size=st.integers(1, 80),
    name=st.text(max_size=20).filter(lambda name: "\r\n--XX" not in name),
)  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_form_cut_anywhere_gives_the_exact_file_and_fields(
    file: bytes, size: int, name: str
) -> None:
    body = form_of(file, fields={"a": "1", "b": name})

    form = read_form(cut(body, size), CONTENT_TYPE)

    assert form.file is not None
    assert form.file.content == file
    assert form.fields["a"] == "1"
    assert form.fields["b"] == name


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", CONTENT_TYPE, id="empty"),
        pytest.param(form_of(b"x", fields={})[:-10], CONTENT_TYPE, id="no end"),
        pytest.param(form_of(b"x", fields={}), "multipart/form-data", id="no boundary"),
        pytest.param(form_of(b"x", fields={}), "multipart/form-data; boundary=YY", id="another"),
        pytest.param(form_of(b"x", fields={}), "application/json", id="other type"),
        pytest.param(form_of(b"x", fields={}), "", id="no type"),
        pytest.param(form_of(b"x", fields={}).replace(b"\r\n", b"\n"), CONTENT_TYPE, id="LF alone"),
        pytest.param(b"--XX\r\nX: y\r\n\r\nz\r\n--XX--\r\n", CONTENT_TYPE, id="part without name"),
        pytest.param(b"--XX\r\n\r\nz\r\n--XX--\r\n", CONTENT_TYPE, id="part without headers"),
        pytest.param(b"--XX\r\n" + b"X: y\r\n" * 9000, CONTENT_TYPE, id="endless headers"),
    ],
)
def test_form_that_is_none_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(BadFormError):
        read_form(cut(body, 50), content_type)


def test_form_that_is_none_is_40002_over_http(session: requests.Session, base: str) -> None:
    answer = session.post(f"{base}file/upload/", data=b"x", headers={"Content-Type": "text/csv"})

    assert answer.json()["code"] == 40002


def test_form_without_a_file_or_with_a_file_without_a_name_lacks_the_file(
    tiktok: Simulator, session: requests.Session, base: str
) -> None:
    form = {"advertiser_id": tiktok.advertiser_id, "file_signature": "0", "calculate_type": "x"}

    answers = [
        session.post(f"{base}file/upload/", files=parts, timeout=30).json()["message"]
        for parts in (
            {name: (None, value) for name, value in form.items()},
            {name: (None, value) for name, value in (form | {"file": "x"}).items()},
        )
    ]

    assert answers == ["Missing required field(s): file."] * 2


def test_form_sent_in_chunks_is_read_too(tiktok: Simulator, base: str) -> None:
    file = b"a" * 64 + b"\n"
    fields = {
        "advertiser_id": tiktok.advertiser_id,
        "calculate_type": "EMAIL_SHA256",
        "file_signature": hashlib.md5(file).hexdigest(),
    }
    body = form_of(file, fields=fields)
    connection = http.client.HTTPConnection(tiktok.url.removeprefix("http://"), timeout=30)
    headers = {"Access-Token": tiktok.token, "Content-Type": CONTENT_TYPE}

    path = base.removeprefix(tiktok.url) + "file/upload/"
    connection.request("POST", path, cut(body, 7), headers, encode_chunked=True)
    first = connection.getresponse().read()
    connection.request("POST", path, body, headers)
    second = connection.getresponse().read()
    connection.close()

    assert b'"code": 0' in first
    assert b'"code": 0' in second
    assert [upload["rows"] for upload in tiktok.uploads()] == [1, 1]
