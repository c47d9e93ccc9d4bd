"""A pipe within the process: what one thread writes to a path, another takes in blocks."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_BLOCK_BYTES = 256 * 1024
# Lambda's sandbox has no /dev/fd but for 0 to 2 (aws-lambda-base-images, issue 132), and opens
# pipes by /proc/self/fd, as its own Python runtime did (aws-lambda-python-runtime-interface-client,
# pull request 56). macOS has no /proc.
_OPEN_FILES = next((f for f in ("/proc/self/fd/", "/dev/fd/") if Path(f).exists()), "/dev/fd/")


def path_of(number: int) -> str:
    """Return a path that opens what is open under this number."""
    return f"{_OPEN_FILES}{number}"


class BlockPipe:
    """A pipe that holds a block, where the system lets it: fewer switches between the threads."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()
        self._open = {self._read_end, self._write_end}
        self.path = path_of(self._write_end)
        if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux alone has it
            with suppress(OSError):
                fcntl.fcntl(self._write_end, fcntl.F_SETPIPE_SZ, _BLOCK_BYTES)

    def blocks(self) -> Iterator[bytes]:
        """Yield what is written, until the writing end is closed."""
        while block := os.read(self._read_end, _BLOCK_BYTES):
            yield block

    def end_reading(self) -> None:
        """Have whoever still writes fail, and so end."""
        self._close(self._read_end)

    def end_writing(self) -> None:
        """Tell the reader that this was all."""
        self._close(self._write_end)

    def close(self) -> None:
        """Close what is not closed yet."""
        for end in list(self._open):
            self._close(end)

    def _close(self, end: int) -> None:
        if end in self._open:
            self._open.remove(end)
            os.close(end)
