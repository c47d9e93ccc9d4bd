"""What can go wrong on the sandbox, as sentences for the person who started it."""

from pathlib import Path

TAIL_LINES = 25
# Node.js stack frames: they fill the end of a log and help nobody who reads it here.
_FRAMES = ("node_modules/", "node:internal/", "-cjs/")


class SandboxError(Exception):
    """A part of the local sandbox could not do its work; the text is for a person.

    `log` is the file that holds the whole output of the part that failed, if it has one.
    """

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log

    def __str__(self) -> str:
        """Give the sentence, and below it the end of the log."""
        return "\n".join([str(self.args[0]), *_tail(self.log)])


def _tail(log: Path | None) -> list[str]:
    if log is None or not log.exists():
        return []
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if _speaks(line)]
    return [f"The end of {log}:", *(f"  | {line}" for line in lines[-TAIL_LINES:])]


def _speaks(line: str) -> bool:
    return line.strip() not in ("", "at", "at async") and not any(f in line for f in _FRAMES)
