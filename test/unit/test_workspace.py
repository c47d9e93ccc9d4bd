"""The folder for upload files: private, emptied, and freed of what the dead left behind."""

import os
from pathlib import Path

import pytest
from audience_uploader.adapters.scratch_dir import empty_scratch_dir, make_scratch_dir

FAR_TOO_HIGH = 2**22 + 1  # no process has this id


def test_workspace_is_fresh_private_and_emptied(tmp_path: Path) -> None:
    folder = make_scratch_dir(tmp_path)
    (folder / "audience-1.csv").write_bytes(b"x")
    (folder / "audience-2.csv").write_bytes(b"x")

    empty_scratch_dir(folder)

    assert folder.stat().st_mode & 0o077 == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("pid", "stays"),
    [(FAR_TOO_HIGH, False), (os.getpid(), False), (os.getppid(), True), ("no-pid", False)],
    ids=["dead", "this id, of a process before", "alive", "no process id"],
)
def test_workspaces_of_dead_processes_are_removed(tmp_path: Path, pid: object, stays: bool) -> None:
    left = tmp_path / f"audience-uploader-{pid}-abc"
    left.mkdir()
    (left / "audience-1.csv").write_bytes(b"x")

    make_scratch_dir(tmp_path)

    assert left.exists() is stays


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "someone-else").mkdir()

    make_scratch_dir(tmp_path)

    assert (tmp_path / "someone-else").exists()
