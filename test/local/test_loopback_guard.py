"""The guard that keeps Python and Node.js on this machine."""

import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from local.emulator.environment import safe_environment
from local.emulator.paths import SCRIPTS
from local.loopback import loopback_guard
from local.loopback.loopback_guard import is_loopback

# A process of pytest-xdist has had the guard since its start, under the name that others know.
OutsideLoopbackError = sys.modules.get("loopback_guard", loopback_guard).OutsideLoopbackError
ELSEWHERE = "192.0.2.1"  # reserved for documentation: if the guard failed, nothing would be there


HERE: list[str | bytes] = [
    "127.0.0.1",
    "127.8.9.10",
    b"127.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "0.0.0.0",
    "::",
]
HERE_BY_NAME: list[str | None] = ["localhost", "a.localhost", "LOCALHOST", "localhost.", "", None]
THERE = ["10.0.0.1", "169.254.169.254", "192.0.2.1", "fe80::1%eth0", "::ffff:10.0.0.1", "127.1"]
THERE_BY_NAME: list[str | bytes] = [
    "amazonaws.com",
    b"s3.amazonaws.com",
    "localhost.io",
    "127.0.0.1.example.com",
]


@pytest.mark.parametrize("host", [*HERE, *HERE_BY_NAME])
def test_is_loopback_this_machine_true(host: str | bytes | None) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", [*THERE, *THERE_BY_NAME])
def test_is_loopback_another_machine_false(host: str | bytes) -> None:
    assert not is_loopback(host)


def test_connection_in_a_test_to_another_machine_refused() -> None:
    with pytest.raises(OutsideLoopbackError, match=ELSEWHERE):
        socket.create_connection((ELSEWHERE, 443), timeout=1)


def test_datagram_in_a_test_to_another_machine_refused() -> None:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    with sender, pytest.raises(OutsideLoopbackError, match=ELSEWHERE):
        sender.sendto(b"x", (ELSEWHERE, 53))


def test_name_lookup_in_a_test_refused() -> None:
    with pytest.raises(OutsideLoopbackError, match=r"business-api\.tiktok\.com"):
        socket.getaddrinfo("business-api.tiktok.com", 443)


def test_connection_in_a_test_to_this_machine_made() -> None:
    server = socket.create_server(("127.0.0.1", 0))

    with server, socket.create_connection(server.getsockname(), timeout=1) as client:
        assert client.getpeername() == server.getsockname()


def test_requests_in_a_test_to_tiktok_refused() -> None:
    with pytest.raises(requests.ConnectionError, match="not this machine"):
        requests.get("https://business-api.tiktok.com/open_api/v1.3/", timeout=1)


def test_boto_in_a_test_without_an_endpoint_reaches_nothing() -> None:
    client = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))

    with pytest.raises(EndpointConnectionError, match=r"http://127\.0\.0\.1:9"):
        client.list_queues()


PYTHON = f"""
import socket
try:
    socket.create_connection(("{ELSEWHERE}", 443), timeout=1)
except OSError as error:
    print(error)
"""
SAY = ".on('error', e => console.log(e.message))"
NODE = {
    "net": f"require('net').connect(443, '{ELSEWHERE}'){SAY}",
    "net options": f"require('net').connect({{host: '{ELSEWHERE}', port: 443}}){SAY}",
    "tls": f"require('tls').connect(443, '{ELSEWHERE}'){SAY}",
    "https": f"require('https').get('https://{ELSEWHERE}/'){SAY}",
    "fetch": f"fetch('https://{ELSEWHERE}/').catch(e => console.log(e.cause.message))",
}


def _output(command: list[str], home: Path) -> str:
    environment = safe_environment({}, home)
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=30
    ).stdout


def test_python_child_connects_to_another_machine_refused(tmp_path: Path) -> None:
    assert "not this machine" in _output([str(SCRIPTS / "python"), "-c", PYTHON], tmp_path)


@pytest.mark.parametrize("way", NODE)
def test_node_child_connects_to_another_machine_refused(way: str, tmp_path: Path) -> None:
    said = _output([str(SCRIPTS / "node"), "-e", NODE[way]], tmp_path)

    assert said == f"connection to {ELSEWHERE} refused: it is not this machine\n"


def test_node_child_connects_to_this_machine_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        greet = "function() { this.end('hello', process.exit) }"

        _output([str(SCRIPTS / "node"), "-e", f"require('net').connect({port}, {greet})"], tmp_path)

        connection, _ = server.accept()
        with connection:
            assert connection.recv(5) == b"hello"
