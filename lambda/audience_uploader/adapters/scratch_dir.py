"""The folder for upload files: one a process, emptied after each invocation."""

import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "audience-uploader-"


def make_scratch_dir(parent: Path | None = None) -> Path:
    """Return a fresh, private folder of this process; remove those of processes that died.

    A killed function leaves its files in /tmp, which the next one of the same sandbox inherits.
    """
    parent = parent or Path(tempfile.gettempdir())
    for left in parent.glob(f"{_PREFIX}*"):
        if not _alive(left.name.removeprefix(_PREFIX).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))


def empty_scratch_dir(folder: Path) -> None:
    """Remove all files of the folder, whoever left them."""
    for file in folder.iterdir():
        file.unlink(missing_ok=True)


def _alive(pid: str) -> bool:
    if not pid.isdecimal() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
