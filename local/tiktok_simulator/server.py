"""The HTTP server: keep-alive, a thread per connection, loopback only."""

import ipaddress
import itertools
import socket
import sys
import threading
from http.server import ThreadingHTTPServer

from local.tiktok_simulator.handler import Handler
from local.tiktok_simulator.world import World


class Server(ThreadingHTTPServer):
    """Listens since it was made; `serve` answers until `shutdown`. A stop cuts all connections."""

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], world: World) -> None:
        _refuse_unless_loopback(address[0])
        self.world = world
        self.connection_numbers = itertools.count(1)
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def serve(self) -> None:
        """Answers until `shutdown`, which it notices within a moment."""
        self.serve_forever(poll_interval=0.05)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection, and remember it until it ends."""
        connection, address = super().get_request()
        with self._open_lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """End a connection."""
        if isinstance(request, socket.socket):
            with self._open_lock:
                self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Cuts what is open, then waits for its threads."""
        with self._open_lock:
            for connection in self._open:
                _cut(connection)
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Show the error, unless a client went away: anything else is a bug here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _refuse_unless_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(f"the simulator listens on loopback addresses only, not on {host}")
