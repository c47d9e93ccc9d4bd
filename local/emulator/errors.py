"""What can go wrong on the ground, as sentences for the person who started it."""

from pathlib import Path

TAIL_LINES = 25


class GroundError(Exception):
    """A part of the local ground could not do its work; the text is for a person.

    `log` is the file that holds the whole output of the part that failed, if it has one.
    """

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log

    def __str__(self) -> str:
        """Give the sentence, and below it the end of the log."""
        sentence = str(self.args[0])
        return f"{sentence}\n{self._tail()}" if self.log else sentence

    def _tail(self) -> str:
        if self.log is None or not self.log.exists():
            return ""
        lines = self.log.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]
        return "\n".join([f"The end of {self.log}:", *(f"  | {line}" for line in lines)])
