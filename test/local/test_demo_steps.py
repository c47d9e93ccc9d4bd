"""What the demo prints while it works."""

import io
import re

import pytest

from local.demo.steps import Steps


class Terminal(io.StringIO):
    """A text stream that says that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class AsciiTerminal(Terminal):
    """A terminal that can't show more than ASCII."""

    encoding = "ascii"


def test_step_into_a_pipe_one_plain_line() -> None:
    out = io.StringIO()

    with Steps(out).step("Deploying"):
        pass

    assert re.fullmatch(r"- Deploying \.\.\. \d+\.\d s\n", out.getvalue())


def test_step_into_a_pipe_fails_line_says_so() -> None:
    out = io.StringIO()

    with pytest.raises(ValueError, match="no"), Steps(out).step("Deploying"):
        raise ValueError("no")

    assert re.fullmatch(r"- Deploying \.\.\. failed after \d+\.\d s\n", out.getvalue())


@pytest.mark.parametrize(
    ("terminal", "frame", "good"), [(Terminal(), "⠋", "✓"), (AsciiTerminal(), "|", "+")]
)
def test_step_on_a_terminal_spins_and_ends_with_a_mark(
    terminal: Terminal, frame: str, good: str
) -> None:
    with Steps(terminal).step("Deploying"):
        pass

    first, *_, last = terminal.getvalue().split("\r\x1b[2K")[1:]
    assert first.startswith(f"{frame} Deploying")
    assert re.fullmatch(rf"{re.escape(good)} Deploying  \d+\.\d s\n", last)


def test_step_into_a_pipe_interrupted_line_says_so() -> None:
    out = io.StringIO()

    with pytest.raises(KeyboardInterrupt), Steps(out).step("Deploying"):
        raise KeyboardInterrupt

    assert " stopped after " in out.getvalue()


def test_step_on_a_terminal_fails_ends_with_a_cross() -> None:
    terminal = Terminal()

    with pytest.raises(KeyboardInterrupt), Steps(terminal).step("Deploying"):
        raise KeyboardInterrupt

    assert "✗ Deploying" in terminal.getvalue()


def test_step_longer_than_the_terminal_is_wide_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal = Terminal()

    with Steps(terminal).step("Deploying " * 10):
        pass

    drawn = terminal.getvalue().split("\r\x1b[2K")
    assert max(len(line.rstrip("\n")) for line in drawn) < 30


def test_facts_aligned_below_the_step() -> None:
    out = io.StringIO()

    Steps(out).facts(id="7400", type="PHONE_SHA256")

    assert out.getvalue() == "      id        7400\n      type      PHONE_SHA256\n"
