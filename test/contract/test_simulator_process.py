"""The command, starting and stopping, many callers at once, and big files."""

import hashlib
import signal
import socket
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from local.tiktok_simulator import Options, Simulator
from local.tiktok_simulator.cli import main
from local.tiktok_simulator.multipart import read_form

Call = Callable[..., dict[str, Any]]
Hashes = Callable[..., list[str]]
ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "local.tiktok_simulator"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_prints_its_address_and_ends_well_on_a_signal(number: signal.Signals) -> None:
    options = ["--processing-seconds", "0.5", "--valid-during-update", "false", "--scopes", "30,31"]
    with subprocess.Popen(
        [*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("TikTok simulator: http://127.0.0.1:")
        # An open connection must not hold up the end.
        with requests.Session() as session:
            shown = session.get(line.split()[-1] + "/_control/options", timeout=30).json()
            process.send_signal(number)
            out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err) == (0, "", "")
    assert shown["processing_seconds"] == 0.5
    assert shown["valid_during_update"] is False
    assert shown["scopes"] == [30, 31]


def test_help_names_every_option_control_call_and_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])

    text = capsys.readouterr().out
    assert end.value.code == 0
    assert all(f"--{name.replace('_', '-')} " in text for name in Options().as_json())
    for word in (
        *("state", "calls", "faults", "options", "audiences", "clock", "reset", "uploads"),
        *("cut_before", "cut_after", "truncate", "not_json", "huge", "wrong_shape", "slow"),
        *("probability", "skip", "times", "seed", "advance_seconds", "172800.0"),
    ):
        assert word in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["--host", "0.0.0.0"],
        ["--host", "example.com"],
        ["--floor-mode", "never"],
        ["--qps", "-1"],
        ["--port", "99999"],
    ],
)
def test_command_that_cannot_start_says_why(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2

    assert "can't start" in capsys.readouterr().err


def test_command_on_a_port_that_is_taken_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with Simulator() as other:
        port = other.url.rsplit(":", 1)[1]

        assert main(["--port", port]) == 2

    assert port in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_simulator_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Simulator(host=host)


def test_simulator_that_stops_cuts_connections_and_ends_its_threads() -> None:
    before = set(threading.enumerate())
    simulator = Simulator()
    simulator.start()
    simulator.faults.add({"endpoint": "list", "kind": "slow", "value": 600})
    address = ("127.0.0.1", int(simulator.url.rsplit(":", 1)[1]))
    with socket.create_connection(address, timeout=30) as idle, requests.Session() as session:
        session.get(simulator.url + "/_control/state", timeout=30)

        simulator.stop()
        simulator.stop()

        assert idle.recv(1) == b""
    # Threads of other tests may still be on their way out.
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError), socket.create_connection(address, timeout=30):
        pass


def test_client_that_leaves_in_the_middle_is_logged_and_harms_nobody(
    tiktok: Simulator, get: Call, capfd: pytest.CaptureFixture[str]
) -> None:
    address = ("127.0.0.1", int(tiktok.url.rsplit(":", 1)[1]))
    with socket.create_connection(address, timeout=30) as client:
        path = b"/open_api/v1.3/dmp/custom_audience/create/"
        head = b"POST %s HTTP/1.1\r\nHost: x\r\nAccess-Token: %s\r\n" % (
            path,
            tiktok.token.encode(),
        )
        client.sendall(head + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""

    assert get("list")["code"] == 0
    assert tiktok.counts() == {"create": {"no answer": 1}, "list": {"0": 1}}
    assert capfd.readouterr().err == ""


def test_simulator_that_never_started_can_be_stopped() -> None:
    Simulator().stop()


def test_many_callers_at_once_lose_and_double_nothing(
    tiktok: Simulator, post: Call, shelved: Callable[..., str], hashes: Hashes
) -> None:
    tiktok.set_options(processing_seconds=0.0, floor=0)
    fields = {"calculate_type": "EMAIL_SHA256", "file_paths": [shelved(hashes(1))]}
    audience_id = post("create", custom_audience_name="grown", **fields)["data"][
        "custom_audience_id"
    ]

    def work(number: int) -> None:
        path = shelved(hashes(10, start=number * 10))
        assert post("create", custom_audience_name=f"{number}", **fields)["code"] == 0
        change = {"file_paths": [path], "action": "APPEND"}
        assert post("update", custom_audience_id=audience_id, **change)["code"] == 0

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))

    assert tiktok.audiences("grown")[0]["ids"] == sorted(hashes(400))
    assert len({row["id"] for row in tiktok.audiences()}) == 41
    assert tiktok.counts()["create"] == {"0": 41}


def test_big_file_is_read_in_flat_memory() -> None:
    block = "".join(f"{hashlib.sha256(b'%d' % n).hexdigest()}\n" for n in range(1000)).encode()
    head = b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(300):
            yield block
        yield b"\r\n--XX--\r\n"

    tracemalloc.start()
    try:
        form = read_form(body(), "multipart/form-data; boundary=XX")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert form.file is not None
    assert form.file.size == 300 * len(block)
    # 32 bytes an id until repeats are dropped, with room to grow; never the file itself.
    assert peak < form.file.size
