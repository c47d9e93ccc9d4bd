"""What the demo prints while it works."""

import io
import os
import re

import pytest

from local.demo.steps import Steps


class Terminal(io.StringIO):
    """A text stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


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


def test_step_into_a_pipe_interrupted_line_says_so() -> None:
    out = io.StringIO()

    with pytest.raises(KeyboardInterrupt), Steps(out).step("Deploying"):
        raise KeyboardInterrupt

    assert " stopped after " in out.getvalue()


def test_step_on_a_terminal_moves_and_leaves_the_line_of_a_pipe() -> None:
    terminal = Terminal()

    with Steps(terminal).step("Deploying [all]"):
        pass

    moving, _, last = terminal.getvalue().rstrip("\n").rpartition("\x1b[2K")
    assert "Deploying [all]" in moving
    assert re.fullmatch(r"- Deploying \[all\] \.\.\. \d+\.\d s", last)


def test_step_on_a_terminal_fails_line_says_so() -> None:
    terminal = Terminal()

    with pytest.raises(KeyboardInterrupt), Steps(terminal).step("Deploying"):
        raise KeyboardInterrupt

    assert "- Deploying ... stopped after" in terminal.getvalue()


def test_step_longer_than_the_terminal_is_wide_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal = Terminal()

    with Steps(terminal).step("Deploying " * 10):
        pass

    moving, _, _ = terminal.getvalue().rpartition("\x1b[2K")
    plain = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", moving)
    assert max(len(line) for line in re.split(r"[\r\n]+", plain)) <= 30


def test_facts_aligned_below_the_step() -> None:
    out = io.StringIO()

    Steps(out).facts(id="7400", type="PHONE_SHA256")

    assert out.getvalue() == "      id        7400\n      type      PHONE_SHA256\n"


def test_nobody_reads_any_more_is_told_once() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as out:
        steps = Steps(out)

        with pytest.raises(BrokenPipeError):
            steps.say("a")

        steps.say("b")
