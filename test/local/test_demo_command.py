"""The demo's command line: what can go wrong ends in a sentence, and nothing is left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.demo import command, kept
from local.demo.kept import Kept, kept_demo, the_only_one
from local.demo.usage import how_to_use
from local.emulator import SandboxError
from local.emulator.paths import ROOT, RUNS
from local.emulator.processes import Background, start
from local.emulator.waiting import wait_for

DEMO = [sys.executable, "-m", "local.demo"]


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the record of a kept demo a place of its own."""
    monkeypatch.setattr(kept, "RUNS", tmp_path)
    monkeypatch.setattr(kept, "RECORD", tmp_path / "demo.json")
    return tmp_path / "demo.json"


def _folders(pid: int) -> list[Path]:
    """Return the folders of the demo with this process id; others may run beside the tests."""
    return list(RUNS.glob(f"demo-{pid}-*"))


def test_demo_port_busy_sentence_and_nothing_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]

        demo = subprocess.Popen(
            [*DEMO, "--port", str(busy)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said, _ = demo.communicate(timeout=300)

    assert demo.returncode == 1
    assert f"Port {busy} for the AWS emulator is not free" in said
    assert "Traceback" not in said
    assert _folders(demo.pid) == []


@pytest.mark.parametrize("port", ["80000", "abc", "-1", "8o", "", "1.5"])
@pytest.mark.parametrize("name", ["--port", "--tiktok-port"])
def test_demo_no_port_one_sentence_and_wrong_use(
    name: str, port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([f"{name}={port}"]) == 2

    said = capsys.readouterr().out
    assert "PORT must be a number from 0 (any free port) to 65535" in said
    assert len(said.splitlines()) == 1
    assert _folders(os.getpid()) == []


class _Demo:
    """A demo that has begun with `cdk bootstrap`; what it says is in a file."""

    def __init__(self, folder: Path) -> None:
        self._out = folder / "out"
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(DEMO, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        wait_for(lambda: "cdk bootstrap" in self.said, "AWS and TikTok", seconds=300)

    @property
    def said(self) -> str:
        return self._out.read_text()

    def ports(self) -> list[int]:
        return _ports(self.said)


def _ports(said: str) -> list[int]:
    return [int(line.split("127.0.0.1:")[1].split(",")[0]) for line in said.splitlines()[1:3]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demo_interrupted_stops_what_it_started(number: signal.Signals, tmp_path: Path) -> None:
    demo = _Demo(tmp_path)

    os.kill(demo.process.pid, number)

    assert demo.process.wait(300) == 130
    assert "Nothing is left running." in demo.said
    assert "Traceback" not in demo.said
    assert _folders(demo.process.pid) == []
    _assert_nothing_answers(demo.ports())


def test_demo_nobody_reads_on_ends_without_a_word(tmp_path: Path) -> None:
    with (tmp_path / "errors").open("wb") as errors:
        demo = subprocess.Popen(DEMO, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors)
    assert demo.stdout
    said = b"".join(demo.stdout.readline() for _ in range(3)).decode()
    demo.stdout.close()

    assert demo.wait(300) == 141
    assert (tmp_path / "errors").read_text() == ""
    assert _folders(demo.pid) == []
    _assert_nothing_answers(_ports(said))


def test_demo_simulator_killed_sentence_logs_kept_and_nothing_left(tmp_path: Path) -> None:
    demo = _Demo(tmp_path)

    os.kill(_simulator_of(demo.process.pid), signal.SIGKILL)

    assert demo.process.wait(300) == 1
    assert "The demo could not go on. The TikTok simulator has ended." in demo.said
    assert "Traceback" not in demo.said
    folder = Path(demo.said.rpartition("All logs are in ")[2].strip())
    assert (folder / "simulator.log").exists()
    shutil.rmtree(folder)
    _assert_nothing_answers(demo.ports())


def _simulator_of(demo: int) -> int:
    """Return the process id of the simulator that this demo has started."""
    for pid in Path(f"/proc/{demo}/task/{demo}/children").read_text().split():
        if b"local.tiktok_simulator" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return int(pid)
    raise AssertionError("the demo has no simulator")


def _assert_nothing_answers(ports: list[int]) -> None:
    assert len(ports) == 2
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def _kept(port: int, folder: str = "folder") -> Kept:
    url = f"http://127.0.0.1:{port}"
    return Kept(folder, url, os.getpid(), url, os.getpid(), {"BucketName": "the-bucket"}, {})


def test_kept_demo_without_record_none(record: Path) -> None:
    assert kept_demo() is None


def test_kept_nothing_answers_not_running() -> None:
    assert not _kept(9).running


def test_kept_nothing_answers_any_more_stop_signals_nobody(record: Path) -> None:
    # Its process ids are those of this test by now: a signal would end the test run.
    _kept(9).written().stop()

    assert not record.exists()


ANSWERING = """
import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"here")
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def parts(tmp_path: Path) -> tuple[list[Background], Kept]:
    """Give two processes that answer, and the record of a demo of which they are the parts."""
    answering = [sys.executable, "-c", ANSWERING]
    started = [start(answering, os.environ, tmp_path / "logs" / f"{n}.log") for n in "ab"]
    for part in started:
        wait_for(part.log.read_text, "its port", seconds=60)
    aws, tiktok = (f"http://127.0.0.1:{int(part.log.read_text())}" for part in started)
    folder = str(tmp_path / "logs")
    return started, Kept(folder, aws, started[0].pid, tiktok, started[1].pid, {}, {})


def test_kept_stopped_both_parts_and_their_files_gone(
    record: Path, parts: tuple[list[Background], Kept], tmp_path: Path
) -> None:
    started, demo = parts
    assert demo.written().running

    demo.stop()

    for part in started:
        part.process.wait(60)
    assert not demo.running
    assert not (tmp_path / "logs").exists()
    assert not record.exists()


def test_kept_one_part_killed_the_other_is_stopped_before_a_new_demo(
    record: Path, parts: tuple[list[Background], Kept]
) -> None:
    (aws, tiktok), demo = parts
    demo.written()
    tiktok.stop()

    with the_only_one():
        assert aws.process.wait(60) is not None
        assert not record.exists()


def test_kept_demo_running_another_one_refused(
    record: Path, parts: tuple[list[Background], Kept]
) -> None:
    parts[1].written()

    with pytest.raises(SandboxError, match="Stop it first: make stop"), the_only_one():
        pass

    parts[1].stop()


def test_kept_demo_starting_another_one_refused(record: Path) -> None:
    with the_only_one(), pytest.raises(SandboxError, match="is starting"), the_only_one():
        pass


def test_how_to_use_ends_with_lines_to_paste_that_name_this_demo(tmp_path: Path) -> None:
    lines = how_to_use(_kept(9, str(tmp_path))).splitlines()

    assert lines[-1] == "python -m audiencectl --demo status"
    assert lines[-2] == f"cd {ROOT}"
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:9 AWS_REGION=us-east-1" in lines[-4]
    assert any("cdk destroy" in line for line in lines)
    assert os.access(tmp_path / "bin" / "cdk", os.X_OK)
