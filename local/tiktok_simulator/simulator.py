"""The simulator in a process: an HTTP server with keep-alive and a thread per connection."""

import ipaddress
import itertools
import socket
import sys
import threading
from contextlib import suppress
from functools import partial
from http.server import ThreadingHTTPServer
from typing import Self
from weakref import WeakSet

from local.tiktok_simulator.handler import Handler
from local.tiktok_simulator.handles import Handles
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.world import World


class Server(ThreadingHTTPServer):
    """Listens since it was made; `serve_forever` answers until `shutdown`."""

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], world: World) -> None:
        _refuse_unless_loopback(address[0])
        self.world = world
        self.connection_numbers = itertools.count(1)
        self._connections = WeakSet[socket.socket]()
        super().__init__(address, Handler)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection, and remember it."""
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def server_close(self) -> None:
        """Cuts what is open, then waits for its threads."""
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Show the error, unless a client went away: anything else is a bug here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _refuse_unless_loopback(host: str) -> None:
    with suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return
    raise ValueError(f"the simulator listens on loopback addresses only, not on {host}")


class Simulator(Handles):
    """TikTok's audience endpoints at `url`, from `with` to the end of the block.

    Keyword arguments are those of `Options`. Port 0 takes a free one. Only loopback addresses are
    listened on (ValueError). Every method may be called from any thread, while calls come in.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, **options: object) -> None:
        super().__init__(World(Options().changed(options)))
        self._server = Server((host, port), self.world)
        # It notices within so many seconds that it is to stop.
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = threading.Thread(target=serve, name="tiktok-simulator")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begins to answer, in threads of its own; the port is open since the constructor."""
        self._thread.start()

    def stop(self) -> None:
        """Cuts all connections, ends all threads and frees the port. May be called again."""
        self.world.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Scheme, host and port, no slash at the end."""
        return f"http://{self._server.server_address[0]!s}:{self._server.server_address[1]}"
