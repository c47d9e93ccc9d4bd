"""`audiencectl hash`: which lists it reads, what it writes, and what it never shows."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from support.deployment_in_moto import Run

from audiencectl.hashing.digests import DistinctDigests
from audiencectl.hashing.normalise import Forms
from audiencectl.hashing.run import hash_file
from audiencectl.hashing.table import file_blocks

LIST = (
    "Name,E-Mail,Mobile,IDFA\n"
    "Jo,Jo@Example.com ,020 7183 8750,\n"
    "Al,jo@example.com,+1 657 777 0000,5F3A2B18-9C4D-4E7F-B8E2-17D3A1E69B25\n"
    "Cy,nan,12,00000000-0000-0000-0000-000000000000\n"
)

EXCEL = b"PK\x03\x04" + b"\0" * 26 + b"xl/x"


def hashed(*texts: str) -> set[str]:
    return {sha256(text.encode()).hexdigest() for text in texts}


def lines(path: Path) -> list[str]:
    return path.read_text("ascii").splitlines()


def written(tmp_path: Path, data: bytes | str) -> Path:
    path = tmp_path / "in.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_hash_list_with_a_header_gives_a_file_for_each_kind(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"

    result = run("hash", written(tmp_path, LIST), "--country", "gb", "--out", out)

    assert result.exit_code == 0, result.output
    assert lines(out / "email_sha256.csv") == list(hashed("jo@example.com"))
    assert set(lines(out / "phone_sha256.csv")) == hashed("+442071838750", "+16577770000")
    device = "5f3a2b18-9c4d-4e7f-b8e2-17d3a1e69b25"
    assert lines(out / "first_sha256.csv") == list(hashed(device))
    assert sorted(path.name for path in out.iterdir()) == [
        "email_sha256.csv",
        "first_sha256.csv",
        "phone_sha256.csv",
    ]


def test_hash_screen_shows_counts_and_line_numbers_and_no_identifier(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    result = run("hash", written(tmp_path, LIST), "--country", "GB", "--out", out)

    assert result.output == (
        "3 rows read.\n"
        f"email: 1 different hash in {out}/email_sha256.csv\n"
        "  not used, placeholder: 1 (line 4)\n"
        f"phone: 2 different hashes in {out}/phone_sha256.csv\n"
        "  not used, not_a_phone_number: 1 (line 4)\n"
        f"device: 1 different hash in {out}/first_sha256.csv\n"
        "  not used, blank: 1 (line 2)\n"
        "  not used, placeholder: 1 (line 4)\n"
    )


def test_hash_json_is_one_value(run: Run, tmp_path: Path) -> None:
    result = run(
        "hash", written(tmp_path, LIST), "--email", "e-mail", "--out", tmp_path / "o", "--json"
    )

    data = json.loads(result.stdout)
    assert data["read"] == 3
    assert data["kinds"] == {
        "email": {
            "format": "email_sha256",
            "columns": ["E-Mail"],
            "file": str(tmp_path / "o" / "email_sha256.csv"),
            "distinct": 1,
            "hashed": 2,
            "already_hashed": 0,
            "rejected": {"placeholder": {"count": 1, "first_lines": [4]}},
        }
    }


def test_hash_that_is_one_already_is_not_hashed_again(run: Run, tmp_path: Path) -> None:
    there, nothing = hashed("a@b.com").pop(), hashed("").pop()
    source = written(tmp_path, f"email\n{there.upper()}\n{nothing}\n{'a' * 32}\nc@d.com\n")

    result = run("hash", source, "--out", tmp_path / "o", "--json")

    assert set(lines(tmp_path / "o" / "email_sha256.csv")) == {there, *hashed("c@d.com")}
    kind = json.loads(result.stdout)["kinds"]["email"]
    assert (kind["hashed"], kind["already_hashed"]) == (1, 1)
    assert set(kind["rejected"]) == {"hash_of_nothing", "other_hash"}


@pytest.mark.parametrize(
    "data",
    [
        "email;x\nzo\u00eb@example.com;1\n".encode("utf-8-sig"),
        "email;x\nzo\u00eb@example.com;1\n".encode("utf-16"),
        "email;x\nzo\u00eb@example.com;1\n".encode("latin-1"),
        gzip.compress("email\tx\r\nzo\u00eb@example.com\t1\r\n".encode(), mtime=0),
        b"email|x\rzo\xc3\xab@example.com|1\r",
        'sep=;\n"email";"x"\n"zo\u00eb@example.com";"1\n2"\n'.encode(),
        "\n\nemail\nzo\u00eb@example.com".encode(),
    ],
    ids=["utf-8 bom", "utf-16", "latin-1", "gzip crlf tab", "cr pipe", "excel sep", "blank top"],
)
def test_hash_list_of_any_shape_gives_the_same(run: Run, tmp_path: Path, data: bytes) -> None:
    result = run("hash", written(tmp_path, data), "--out", tmp_path / "o")

    assert result.exit_code == 0, result.output
    assert lines(tmp_path / "o" / "email_sha256.csv") == list(hashed("zo\u00eb@example.com"))


def test_hash_several_columns_of_a_kind_go_into_one_file(run: Run, tmp_path: Path) -> None:
    source = written(tmp_path, "mail,work mail,x\na@b.com,c@d.com,1\ne@f.com,a@b.com,2\n")

    run("hash", source, "--email", "mail", "--email", "2", "--out", tmp_path / "o")

    wanted = hashed("a@b.com", "c@d.com", "e@f.com")
    assert sorted(lines(tmp_path / "o" / "email_sha256.csv")) == sorted(wanted)


def test_hash_list_without_header_by_number_takes_its_first_line(run: Run, tmp_path: Path) -> None:
    source = written(tmp_path, "a@b.com\nc@d.com\n")

    assert run("hash", source, "--out", tmp_path / "o").exit_code == 2
    assert run("hash", source, "--email", "1", "--out", tmp_path / "o").exit_code == 0
    assert len(lines(tmp_path / "o" / "email_sha256.csv")) == 2


def test_hash_first_names_are_no_device_ids(run: Run, tmp_path: Path) -> None:
    source = written(tmp_path, "first,email\nJo,a@b.com\n")

    result = run("hash", source, "--out", tmp_path / "o", "--json")

    assert list(json.loads(result.stdout)["kinds"]) == ["email"]


def test_hash_row_of_another_width_is_left_out(run: Run, tmp_path: Path) -> None:
    source = written(tmp_path, "email,x\na@b.com,1\nname, oops,c@d.com\nz@z.com\ne@f.com,2,\n")

    result = run("hash", source, "--out", tmp_path / "o", "--json")

    rejected = json.loads(result.stdout)["kinds"]["email"]["rejected"]
    assert rejected == {"wrong_cell_count": {"count": 2, "first_lines": [3, 4]}}


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (LIST, ["--email", "mial"], "no column 'mial'.*Name, E-Mail, Mobile, IDFA"),
        (LIST, ["--phone", "Mobile"], "Line 2.*--country"),
        (LIST, [], "Line 2.*--country"),
        (LIST, ["--country", "UK"], "GB"),
        ("a,b\n1,2\n", [], "columns are: a, b"),
    ],
    ids=["unknown column", "no country", "found, no country", "wrong country", "no such header"],
)
def test_hash_wrong_use_is_exit_2_and_leaves_nothing(
    run: Run, tmp_path: Path, data: str, options: list[str], words: str
) -> None:
    result = run("hash", written(tmp_path, data), *options, "--out", tmp_path / "o")

    assert result.exit_code == 2
    assert re.search(words, result.output.replace("\n", " "))
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"email\n",
        b"email\nnan\n\n",
        b"PK\x03\x04" + b"\0" * 26 + b"xl/x",
        b'email\n"a@b.com\nc@d.com\n',
    ],
    ids=["empty", "only a header", "placeholders", "excel", "open quote"],
)
def test_hash_nothing_usable_is_exit_1_and_leaves_no_file(
    run: Run, tmp_path: Path, data: bytes
) -> None:
    result = run("hash", written(tmp_path, data), "--out", tmp_path / "o")

    assert result.exit_code == 1, result.output
    assert not (tmp_path / "o").exists()
    assert "Traceback" not in result.output


@pytest.mark.parametrize("rows", [3, 300, 30_000])
def test_hash_open_quote_never_swallows_rows(run: Run, tmp_path: Path, rows: int) -> None:
    source = written(tmp_path, 'email\nz@z.com\n"a@b.com\n' + "c@d.com\n" * rows)

    result = run("hash", source, "--out", tmp_path / "o")

    assert result.exit_code == 1
    assert "Line 3" in result.output
    assert not (tmp_path / "o").exists()


def test_hash_never_writes_an_identifier_anywhere(tmp_path: Path) -> None:
    source = written(tmp_path, "email\n" + "".join(f"secret{n}@example.com\n" for n in range(5000)))
    seen: list[bytes] = []
    out = tmp_path / "o"

    def see(_: int) -> None:
        seen.extend(path.read_bytes() for path in out.rglob("*") if path.is_file())

    hash_file(source, out, wanted={}, forms=Forms(), advance=see)

    see(0)
    assert not any(b"secret" in data for data in seen)


def test_digests_spilled_to_disk_are_still_distinct(tmp_path: Path) -> None:
    digests = DistinctDigests(tmp_path / "parts", held_bytes=64)
    for n in [*range(3000), *range(3000)]:
        digests.add(sha256(str(n).encode()).digest())

    assert digests.write(tmp_path / "all.csv") == 3000
    assert set(lines(tmp_path / "all.csv")) == hashed(*map(str, range(3000)))


def test_file_blocks_tell_how_much_was_read(tmp_path: Path) -> None:
    told: list[int] = []
    assert b"".join(file_blocks(written(tmp_path, "abc"), told.append)) == b"abc"
    assert told == [3]
