"""The demo's command line: what can go wrong ends in a sentence."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.demo.kept import Kept, kept_demo
from local.demo.usage import how_to_use
from local.emulator.paths import ROOT, RUNS
from local.emulator.processes import start
from local.emulator.waiting import wait_for

DEMO = [sys.executable, "-m", "local.demo"]


def _runs() -> set[Path]:
    return set(RUNS.glob("demo-*"))


def test_demo_port_busy_sentence_and_nothing_left() -> None:
    before = _runs()
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]

        done = subprocess.run(
            [*DEMO, "--port", str(busy)], cwd=ROOT, capture_output=True, text=True, check=False
        )

    assert done.returncode == 1
    assert f"Port {busy} for the AWS emulator is not free" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert _runs() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demo_interrupted_stops_what_it_started(number: signal.Signals, tmp_path: Path) -> None:
    before = _runs()
    with (tmp_path / "out").open("wb") as out:
        demo = subprocess.Popen(DEMO, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        wait_for(lambda: b"cdk bootstrap" in (tmp_path / "out").read_bytes(), "AWS", seconds=60)

        os.kill(demo.pid, number)

        assert demo.wait(300) == 130
    said = (tmp_path / "out").read_text()
    assert "Nothing is left running." in said
    assert "Traceback" not in said
    assert _runs() == before
    _assert_nothing_answers(said)


def _assert_nothing_answers(said: str) -> None:
    ports = [int(line.split("127.0.0.1:")[1].split(",")[0]) for line in said.splitlines()[1:3]]
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def _kept(port: int) -> Kept:
    url = f"http://127.0.0.1:{port}"
    return Kept("folder", url, os.getpid(), url, os.getpid(), {"BucketName": "the-bucket"})


def test_kept_demo_without_record_none(tmp_path: Path) -> None:
    assert kept_demo(tmp_path / "none.json") is None


def test_kept_nothing_answers_not_running() -> None:
    assert not _kept(9).running


def test_kept_nothing_answers_any_more_stop_signals_nobody() -> None:
    # Its process ids are those of this test by now: a signal would end the test run.
    _kept(9).stop()


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


def test_kept_stopped_both_parts_and_their_files_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.demo.kept.RECORD", tmp_path / "demo.json")
    command = [sys.executable, "-c", ANSWERING]
    parts = [start(command, os.environ, tmp_path / "logs" / f"{n}.log") for n in "ab"]
    for part in parts:
        wait_for(part.log.read_text, "its port", seconds=10)
    aws, tiktok = (f"http://127.0.0.1:{int(part.log.read_text())}" for part in parts)
    kept = Kept(str(tmp_path / "logs"), aws, parts[0].pid, tiktok, parts[1].pid, {})
    assert kept.running

    kept.stop()

    assert all(part.process.wait(60) for part in parts)
    assert not kept.running
    assert not (tmp_path / "logs").exists()


def test_how_to_use_names_every_place_to_look() -> None:
    text = how_to_use(_kept(9))

    for command in ("local.drop FILE", "audiences", "receipts", "waiting", "dead-letters", "logs"):
        assert command in text
    assert "make stop" in text
    assert "s3://the-bucket/tiktok/" in text
