"""HTTP connections whose every phase has an end: connecting, sending, and the whole answer.

urllib3 bounds each read of a socket, so an answer whose headers drip never ends; and it bounds
each send by the time for connecting, so a file whose upload stalls for a moment fails.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Timeout

CONNECT_WAIT = 10.0  # seconds
SEND_STALL = 25.0  # seconds that a send may make no progress: less than what uploads leave


class PhaseTimeout(Timeout):
    """The time of one exchange: `left` seconds in all, at most `longest` of them for the answer.

    What is left for the answer is known only once the body is out.
    """

    def __init__(self, *, left: float, longest: float, connect: float = CONNECT_WAIT) -> None:
        super().__init__(connect=min(connect, left), read=min(longest, left))
        self._ends_at = time.monotonic() + left
        self._longest = longest

    def clone(self) -> "PhaseTimeout":
        """Return itself: it belongs to one exchange."""
        return self

    def start_connect(self) -> float:
        """Begin, also when a dead idle connection is replaced by a fresh one."""
        return time.monotonic()

    @property
    def read_timeout(self) -> float:
        """The seconds that are left for the answer now."""
        return max(0.01, min(self._longest, self._ends_at - time.monotonic()))


class _Bounded:
    """Mixed into a connection: a limit of its own for sending, and one for the whole head."""

    sock: Any
    timeout: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sock.settimeout(SEND_STALL)

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:  # kept alive, with what the last answer had left
            self.sock.settimeout(SEND_STALL)
        super().request(*args, **kwargs)  # type: ignore[misc]

    def getresponse(self) -> Any:
        with _cut_off(self.sock, after=float(self.timeout)):
            return super().getresponse()  # type: ignore[misc]


@contextmanager
def _cut_off(sock: socket.socket, *, after: float) -> Iterator[None]:
    timer = Timer(after, _shut, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # closed already
        sock.shutdown(socket.SHUT_RDWR)


class _Plain(_Bounded, HTTPConnection):
    pass


class _Secure(_Bounded, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class BoundedAdapter(HTTPAdapter):
    """Makes requests use these connections."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools, with connections that are bounded."""
        super().init_poolmanager(*args, **kwargs)
        pools: PoolManager = self.poolmanager
        pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
