"""Background processes: all that is started is ended, with its own children."""

import os
import socket
from pathlib import Path

import pytest

from local.emulator.errors import SandboxError
from local.emulator.paths import SCRIPTS
from local.emulator.processes import Background, start
from local.emulator.service import chosen_port, free_port
from local.emulator.waiting import WaitedTooLongError, wait_for

# Starts a child of its own and tells its process id, then both wait.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def _started(script: str, folder: Path) -> tuple[Background, str]:
    background = start([str(SCRIPTS / "python"), "-c", script], os.environ, folder / "log")
    wait_for(lambda: background.log.read_text(), "its first line", seconds=10)
    return background, background.log.read_text().strip()


def test_background_stopped_its_own_children_gone(tmp_path: Path) -> None:
    background, child = _started(PARENT, tmp_path)

    background.stop()

    assert background.ended
    wait_for(lambda: _has_gone(int(child)), "the child's end", seconds=10)


def _has_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # Where nobody reaps orphans it stays as a zombie.
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_background_deaf_to_sigterm_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.emulator.processes.GRACE_SECONDS", 0.2)
    background, _ = _started(STUBBORN, tmp_path)

    background.stop()

    assert background.ended


def test_background_stopped_twice_no_error(tmp_path: Path) -> None:
    background, _ = _started("print(1)", tmp_path)

    background.stop()
    background.stop()

    assert background.ended


def test_background_block_fails_process_ended(tmp_path: Path) -> None:
    background, _ = _started(PARENT, tmp_path)

    with pytest.raises(KeyboardInterrupt), background.stopped_on_failure():
        raise KeyboardInterrupt

    assert background.ended


def test_finish_longer_than_allowed_none_and_ended(tmp_path: Path) -> None:
    background, _ = _started(PARENT, tmp_path)

    assert background.finish(0.1) is None
    assert background.ended


def test_finish_in_time_gives_exit_code(tmp_path: Path) -> None:
    background, _ = _started("print(1); raise SystemExit(3)", tmp_path)

    assert background.finish(10) == 3


def test_wait_for_true_at_the_third_look_gives_answer() -> None:
    answers = iter([None, False, "here"])

    assert wait_for(lambda: next(answers), "it", seconds=5, every=0) == "here"


def test_wait_for_never_true_says_what_was_waited_for() -> None:
    with pytest.raises(WaitedTooLongError, match=r"Waited 0\.01 s in vain for the audience\."):
        wait_for(lambda: None, "the audience", seconds=0.01, every=0.001)


def test_chosen_port_busy_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]

        with pytest.raises(SandboxError, match=f"Port {busy} for the AWS emulator is not free"):
            chosen_port(busy, purpose="the AWS emulator")


def test_chosen_port_zero_gives_one_that_can_be_chosen() -> None:
    assert chosen_port(chosen_port(0, purpose="x"), purpose="x") > 1023
    assert free_port() > 1023


def test_sandbox_error_with_log_shows_its_end_without_stack_frames(tmp_path: Path) -> None:
    log = tmp_path / "cdk.log"
    log.write_text(
        "early\n" * 50 + "CREATE_FAILED the bucket\n   at\n  /x/node_modules/y.js:1:2)\n"
    )

    text = str(SandboxError("`cdk deploy` failed.", log=log))

    assert text.startswith(f"`cdk deploy` failed.\nThe end of {log}:\n  | early\n")
    assert text.endswith("  | CREATE_FAILED the bucket")
    assert len(text.splitlines()) == 27
