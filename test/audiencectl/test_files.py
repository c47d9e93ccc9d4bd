"""Files that the tool is given: what can't be one, and one too large for a single request."""

from pathlib import Path

import pytest
from support.deployment_in_moto import Run, World


@pytest.mark.parametrize(
    "arguments",
    [
        ["hash", "{folder}", "--out", "{folder}/out"],
        ["hash", "{file}", "--out", "{file}"],
        ["check", "{folder}", "--format", "email_sha256"],
        ["drop", "{folder}", "--audience", "foodies", "--format", "email_sha256"],
        ["drop", "{folder}/none.csv", "--audience", "foodies", "--format", "email_sha256"],
    ],
)
def test_folder_for_a_file_or_a_file_for_a_folder_is_wrong_use(
    run: Run, world: World, tmp_path: Path, arguments: list[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("email\nada@example.com\n")

    result = run(*(word.format(folder=tmp_path, file=file) for word in arguments))

    assert result.exit_code == 2
    assert "Error: " in result.output
    assert world.keys() == []


def test_folder_that_takes_no_files_is_one_sentence_and_exit_1(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("email\nada@example.com\n")

    result = run("hash", file, "--out", "/proc/none")

    assert result.exit_code == 1
    assert result.output.startswith("/proc/none: ")
    assert result.output.count("\n") == 1


def test_large_file_is_uploaded_in_parts_and_is_whole(
    run: Run, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "large.csv"
    file.write_text("".join(f"{number:064x}\n" for number in range(1 << 60, (1 << 60) + 270_000)))

    result = run("drop", file, "--audience", "foodies", "--format", "email_sha256")

    assert result.exit_code == 0, result.output
    found = world.s3.get_object(Bucket=world.bucket, Key="tiktok/foodies/email_sha256/large.csv")
    assert found["ETag"].strip('"').endswith("-2")
    assert found["Body"].read() == file.read_bytes()
