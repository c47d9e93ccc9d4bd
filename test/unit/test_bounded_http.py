"""Every phase of an exchange has a limit of its own, shown on real sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import requests
from audience_uploader.tiktok.bounded_http import BoundedAdapter, PhaseTimeout

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LARGE = 32 << 20  # bytes: more than the sockets' buffers hold
ENDLESS = 60.0  # seconds that nobody waits for unless a limit is missing
SOON = 30.0  # seconds: far more than any limit here, on the busiest machine too
Serve = Callable[[socket.socket, threading.Event], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """Give the address of a server that answers one connection after another by `serve`."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def accept() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                # A client that was cut off may be gone in the middle of its request.
                with connection, suppress(OSError):
                    serve(connection, over)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.mount("http://", BoundedAdapter())
        yield made


def post(session: requests.Session, url: str, body: bytes, timeout: PhaseTimeout) -> bytes:
    with session.post(url, data=body, timeout=timeout) as answer:  # type: ignore[arg-type]
        return answer.content


def read_all(connection: socket.socket, size: int) -> None:
    """Read a request whose body has `size` bytes."""
    connection.settimeout(ENDLESS)
    head = b""
    while b"\r\n\r\n" not in head and (block := connection.recv(1 << 16)):
        head += block
    read = len(head.partition(b"\r\n\r\n")[2])
    while read < size and (block := connection.recv(1 << 20)):
        read += len(block)


def drip(prefix: bytes, unit: bytes) -> Serve:
    def serve(connection: socket.socket, over: threading.Event) -> None:
        read_all(connection, 2)
        connection.sendall(prefix)
        while not over.wait(0.02):
            try:
                connection.sendall(unit)
            except OSError:
                return

    return serve


@pytest.mark.parametrize(
    ("prefix", "unit"),
    [(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"), (b"", b"H"), (b"HTTP/1.1 200 OK\r\nX: ", b"y")],
    ids=["whole headers", "status line", "one header"],
)
def test_answer_whose_headers_drip_is_cut_off_when_its_time_is_over(
    session: requests.Session, prefix: bytes, unit: bytes
) -> None:
    with serving(drip(prefix, unit)) as url:
        began = time.monotonic()

        answer = b""  # http.client takes headers that end in the middle for all of them
        with suppress(requests.RequestException):
            answer = post(session, url, b"{}", PhaseTimeout(left=0.4, longest=ENDLESS))

        assert answer == b""
        assert time.monotonic() - began < SOON


def test_send_that_stalls_for_longer_than_connecting_may_take_survives(
    session: requests.Session,
) -> None:
    def stall(connection: socket.socket, over: threading.Event) -> None:
        over.wait(0.6)
        read_all(connection, LARGE)
        connection.sendall(ANSWER)

    with serving(stall) as url:
        timeout = PhaseTimeout(left=20, longest=20, connect=0.2)

        assert post(session, url, bytes(LARGE), timeout) == b"{}"


def test_kept_connection_lets_a_send_stall_although_the_last_answer_had_little_time(
    session: requests.Session,
) -> None:
    def twice(connection: socket.socket, over: threading.Event) -> None:
        read_all(connection, 2)
        connection.sendall(ANSWER)
        over.wait(2.5)
        read_all(connection, LARGE)
        connection.sendall(ANSWER)

    with serving(twice) as url:
        assert post(session, url, b"{}", PhaseTimeout(left=2, longest=2)) == b"{}"

        large = post(session, url, bytes(LARGE), PhaseTimeout(left=20, longest=20))

    assert large == b"{}"


def test_answer_to_a_late_upload_is_awaited_only_for_what_was_left_when_the_body_was_out(
    session: requests.Session,
) -> None:
    def slow_reader(connection: socket.socket, over: threading.Event) -> None:
        over.wait(0.6)
        read_all(connection, LARGE)
        over.wait(ENDLESS)

    with serving(slow_reader) as url:
        began = time.monotonic()

        with pytest.raises(requests.RequestException):
            post(session, url, bytes(LARGE), PhaseTimeout(left=1.0, longest=ENDLESS))

        assert time.monotonic() - began < SOON


def test_answer_that_takes_longer_than_others_may_is_awaited_where_it_is_allowed(
    session: requests.Session,
) -> None:
    def late_then_never(connection: socket.socket, over: threading.Event) -> None:
        read_all(connection, 2)
        over.wait(0.5)
        connection.sendall(ANSWER)
        read_all(connection, 2)
        over.wait(ENDLESS)

    with serving(late_then_never) as url:
        assert post(session, url, b"{}", PhaseTimeout(left=20, longest=20)) == b"{}"
        with pytest.raises(requests.RequestException):
            post(session, url, b"{}", PhaseTimeout(left=20, longest=0.2))
