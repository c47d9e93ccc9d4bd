"""`audiencectl check` and `drop`: nothing bad is uploaded, and what became of it is said."""

import gzip
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.deployment_in_moto import Clock, Run, World

HASHES = [sha256(f"{n}@example.com".encode()).hexdigest() for n in range(3)]
KEY = "tiktok/foodies/email_sha256/a.csv"
DROP = ("--audience", "foodies", "--format", "email_sha256")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["email_sha256", *HASHES, "jo@example.com"]) + "\n")
    return path


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "raw.csv"
    path.write_text("jo@example.com\n")
    return path


def delivered(**more: Any) -> dict[str, Any]:
    return {
        "status": "delivered",
        "action": "append",
        "audience_name": "foodies",
        "audience_id": "71",
        "rows": {"valid": 3},
        "outcome": None,
        **more,
    }


def test_check_good_file_shows_what_would_be_sent(run: Run, good: Path) -> None:
    result = run("check", good, "--format", "email_sha256")

    assert result.exit_code == 0
    assert result.output.startswith("5 rows read, 3 valid.\n")
    assert "left out, raw_email: 1 (line 5)" in result.output
    assert result.output.endswith("This file would be sent.\n")
    assert "jo@" not in result.output


def test_check_raw_file_is_refused_and_says_so_in_json(run: Run, raw: Path) -> None:
    result = run("check", raw, "--format", "EMAIL_SHA256", "--json")

    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert (data["answer"], data["reason"]) == ("would_refuse", "no_valid_rows")
    assert data["rows"]["rejected"]["raw_email"] == {"count": 1, "first_lines": [1]}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "skipped"),
        (b"email\n\n", "skipped"),
        (gzip.compress(b"x" * 99, mtime=0)[:-9], "gzip"),
        (b"PK\x03\x04" + b"\0" * 26 + b"xl/", "Excel"),
    ],
    ids=["empty", "only a header", "damaged gzip", "excel"],
)
def test_check_what_would_not_be_sent_is_exit_1(
    run: Run, tmp_path: Path, data: bytes, word: str
) -> None:
    path = tmp_path / "f"
    path.write_bytes(data)

    result = run("check", path, "--format", "email_sha256")

    assert result.exit_code == 1
    assert word in result.output


def test_check_file_that_is_not_there_is_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("check", tmp_path / "no.csv", "--format", "email_sha256").exit_code == 2


def test_drop_puts_the_file_at_its_key(run: Run, world: World, good: Path) -> None:
    result = run("drop", good, *DROP)

    assert result.exit_code == 0, result.output
    assert result.output == f"Dropped at s3://people/{KEY}\n"
    assert world.s3.get_object(Bucket="people", Key=KEY)["Body"].read() == good.read_bytes()


def test_drop_action_and_set_are_folders(run: Run, world: World, good: Path) -> None:
    run("drop", good, *DROP, "--action", "remove")
    run("drop", good, *DROP, "--action", "replace", "--set", "nov")

    assert world.keys("tiktok/") == [
        "tiktok/foodies/email_sha256/remove/a.csv",
        "tiktok/foodies/email_sha256/replace/nov/a.csv",
    ]


def test_drop_with_one_bad_file_uploads_none(run: Run, world: World, good: Path, raw: Path) -> None:
    result = run("drop", good, raw, *DROP)

    assert result.exit_code == 1
    assert "no_valid_rows" in result.output
    assert world.keys() == []


@pytest.mark.parametrize("audience", [" foodies", "a/b", "x" * 129])
def test_drop_with_a_key_that_is_refused_uploads_nothing(
    run: Run, world: World, good: Path, audience: str
) -> None:
    result = run("drop", good, "--audience", audience, "--format", "email_sha256")

    assert result.exit_code == 1
    assert world.keys() == []


@pytest.mark.parametrize(
    "options",
    [["--action", "replace"], ["--set", "x"], ["--format", "email"], ["--action", "delete"]],
)
def test_drop_with_options_that_do_not_go_is_wrong_use(
    run: Run, world: World, good: Path, options: list[str]
) -> None:
    assert run("drop", good, *DROP, *options).exit_code == 2
    assert world.keys() == []


def test_drop_waiting_says_the_receipt_in_one_sentence(
    run: Run, world: World, good: Path, clock: Clock
) -> None:
    etag = world.put("probe", good.read_bytes())
    clock.then.append(lambda: world.put(f"receipts/{KEY}/{etag}.json", delivered()))

    result = run("drop", good, *DROP, "--wait")

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == (
        "Delivered: 3 ids added to the audience foodies (TikTok's id 71)."
    )


def test_drop_until_ready_follows_to_the_outcome(
    run: Run, world: World, good: Path, clock: Clock
) -> None:
    etag = world.put("probe", good.read_bytes())
    place = f"receipts/{KEY}/{etag}.json"
    ready = {"state": "ready", "size": 1200, "at": "2026-11-25T00:00:00Z"}
    clock.then += [
        lambda: world.put(place, delivered()),
        lambda: world.put(place, delivered(outcome=ready)),
    ]

    result = run("drop", good, *DROP, "--until", "ready", "--json")

    assert result.exit_code == 0, result.output
    [drop] = json.loads(result.stdout)["drops"]
    assert drop["key"] == KEY
    assert "ready, with 1,200 matched people" in drop["answer"]


def test_drop_rejected_while_waiting_is_exit_1(
    run: Run, world: World, good: Path, clock: Clock
) -> None:
    etag = world.put("probe", good.read_bytes())
    text = {"status": "rejected", "reason": "audience_type", "message": "Drop it elsewhere."}
    clock.then.append(lambda: world.put(f"receipts/{KEY}/{etag}.json", text))

    result = run("drop", good, *DROP, "--wait")

    assert result.exit_code == 1
    assert "Rejected (audience_type): Drop it elsewhere." in result.output


def test_drop_of_what_was_rejected_before_waits_for_the_new_answer(
    run: Run, world: World, good: Path, clock: Clock
) -> None:
    etag = world.put(KEY, good.read_bytes())
    receipt = f"receipts/{KEY}/{etag}.json"
    times = {"written_at": "2020-01-01T00:00:00.000Z"}
    world.put(receipt, {"status": "rejected", "reason": "x", "message": "Old.", "times": times})
    clock.then.append(lambda: world.put(receipt, delivered()))

    result = run("drop", good, *DROP, "--wait")

    assert (result.exit_code, "Old." in result.output) == (0, False)


def test_drop_still_waiting_at_the_timeout_says_why(
    run: Run, world: World, good: Path, clock: Clock
) -> None:
    etag = world.put("probe", good.read_bytes())
    note = {"status": "waiting", "waits_for": "audience_busy", "code": 40002}
    world.put(f"state/waiting/{KEY}/{etag}.json", note)

    result = run("drop", good, *DROP, "--wait", "--timeout", "30")

    assert result.exit_code == 1
    assert "still processing the last change" in result.output


def test_drop_overwritten_while_waiting_ends_the_wait(
    run: Run, world: World, good: Path, clock: Clock
) -> None:
    clock.then.append(lambda: world.put(KEY, b"other"))

    result = run("drop", good, *DROP, "--wait")

    assert result.exit_code == 1
    assert "overwritten" in result.output


def test_drop_over_a_file_that_waits_says_so(run: Run, world: World, good: Path) -> None:
    world.put(KEY, b"before")

    result = run("drop", good, *DROP)

    assert "not delivered yet; this file takes its place" in result.stderr


def test_check_parquet_is_read_where_the_deployment_reads_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = ", ".join(f"('{one}')" for one in HASHES)
    query = f"SELECT * FROM (VALUES {rows}) AS t(email_sha256)"
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")

    refused = run("check", path, "--format", "email_sha256", "--no-parquet")
    read = run("check", path, "--format", "email_sha256")

    assert (refused.exit_code, read.exit_code) == (1, 0), read.output
    assert "parquet_support" in refused.output
    assert "3 valid" in read.output
    assert "a deployment with parquet_support: true" in read.output


def test_check_parquet_without_duckdb_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql(f"COPY (SELECT '{HASHES[0]}' AS email_sha256) TO '{path}' (FORMAT parquet)")
    monkeypatch.setitem(sys.modules, "duckdb", None)

    refused = run("check", path, "--format", "email_sha256")

    assert refused.exit_code == 1
    assert "pip install duckdb" in refused.output
