"""The simulator without a socket: a requests adapter that runs its handler on bytes in memory.

Everything of the simulator is used but its server, so answers, faults and the log of calls are the
same; one call takes a fraction of the time that a connection does.
"""

import http.client
import io
import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from local.tiktok_simulator import Simulator
from local.tiktok_simulator.handler import Handler

_numbers = itertools.count(1)


class _Wire(io.BytesIO):
    def close(self) -> None:
        """Stay readable: the handler closes what it wrote to."""


class _Connection:
    """As much of a socket as the handler and http.client use."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.answer = _Wire()

    def makefile(self, mode: str, *args: object) -> io.BytesIO:
        return io.BytesIO(self._request) if "r" in mode else self.answer

    def setsockopt(self, *args: object) -> None:
        """No socket, no options."""

    def shutdown(self, how: int) -> None:
        """Nothing more is sent: the handler returns after this."""


class InProcess(HTTPAdapter):
    """Sends to a simulator. `before` and `after` are called around each call with its path."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__()
        self._server: Any = SimpleNamespace(world=sim.world, connection_numbers=_numbers)
        self.before: Callable[[str], None] = lambda path: None
        self.after: Callable[[str], None] = lambda path: None

    def send(
        self, request: requests.PreparedRequest, *args: object, **kwargs: object
    ) -> requests.Response:
        self.before(request.path_url)
        connection = _Connection(_as_bytes(request))
        Handler(connection, ("127.0.0.1", 0), self._server)  # type: ignore[arg-type]
        self.after(request.path_url)
        answer = connection.answer.getvalue()
        if not answer:
            raise requests.ConnectionError("the connection was cut")
        return self.build_response(request, _parsed(answer, request.method or ""))

    def close(self) -> None:
        """Serve the next session too."""


def _as_bytes(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = b"".join(body)
    headers = {**request.headers, "Host": "tiktok", "Content-Length": str(len(body))}
    head = [f"{request.method} {request.path_url} HTTP/1.1"]
    head += [f"{name}: {_text(value)}" for name, value in headers.items()]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _parsed(answer: bytes, method: str) -> HTTPResponse:
    parsed = http.client.HTTPResponse(_Connection(answer), method=method)  # type: ignore[arg-type]
    parsed.begin()
    return HTTPResponse(
        body=parsed,
        headers=dict(parsed.getheaders()),
        status=parsed.status,
        preload_content=False,
        request_method=method,
    )
