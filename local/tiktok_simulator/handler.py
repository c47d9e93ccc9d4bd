"""One connection: requests in, answers out, and the faults in between."""

import json
import socket
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from local.tiktok_simulator.answers import Outcome, new_request_id
from local.tiktok_simulator.api import ROUTES, Route, perform
from local.tiktok_simulator.calls import Call
from local.tiktok_simulator.control import PREFIX, ControlCall, control
from local.tiktok_simulator.faults import Fault
from local.tiktok_simulator.handles import Handles
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.responses import Response, html, response
from local.tiktok_simulator.wire import BodyReader

if TYPE_CHECKING:
    from local.tiktok_simulator.simulator import Server

_NOTHING = Outcome(-1, "not done", {})


class Handler(BaseHTTPRequestHandler):
    """Reads a request, has it done, sends the answer; one instance per connection."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    server_version = "tiktok-simulator"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        """Give the connection its number in the log of calls."""
        super().setup()
        self.world = self.server.world
        self.number = next(self.server.connection_numbers)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: the log of calls has it all."""

    def _any(self) -> None:
        path, _, self.query = self.path.partition("?")
        self.body = BodyReader(self.rfile, self.headers)
        self.request_id = new_request_id()
        if path == PREFIX or path.startswith(PREFIX + "/"):
            self._send(self._control(path))
            return
        route = ROUTES.get(path)
        call = Call(
            time=self.world.clock.now(),
            connection=self.number,
            method=self.command,
            path=path,
            endpoint=route.name if route else "unknown",
            request_id=self.request_id,
        )
        if route and route.method == self.command:
            self._routed(call, route)
        else:
            self.body.drain()
            self._answer(call, html(405, "Method Not Allowed") if route else html(404, "Not Found"))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _any  # noqa: N815

    def _control(self, path: str) -> Response:
        raw = b"".join(self.body)
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return Response(status=400, body=b'{"error": "the body is no JSON"}\n')
        parts = [unquote(part) for part in path.removeprefix(PREFIX).split("/") if part]
        query = dict(parse_qsl(self.query, keep_blank_values=True))
        return control(Handles(self.world), self.command, ControlCall(parts, query, body))

    def _routed(self, call: Call, route: Route) -> None:
        met = self.world.faults.for_call(route.name)
        fault = next((fault for fault in met if fault.spoils_answer), None)
        call.fault = "+".join(f.kind for f in met)
        self._wait(met, after=False)
        try:
            outcome = self._outcome(call, route, fault, met)
        except ConnectionError:
            self.world.calls.add(call)
            raise
        self._answer(call, response(outcome, fault, request_id=self.request_id), met)

    def _outcome(self, call: Call, route: Route, fault: Fault | None, met: list[Fault]) -> Outcome:
        started = time.perf_counter()
        if fault is not None and not fault.takes_effect():
            early = fault.kind == "cut_before" and fault.value is not None
            self.body.drain(int(fault.value or 0) if early else None)
            return _NOTHING
        request = Request(
            headers=self.headers,
            query=self.query,
            blocks=self.body,
            request_id=self.request_id,
            faults=met,
            details=call.details,
        )
        outcome = perform(self.world, route, request)
        self.body.drain()
        call.took_effect = outcome.code == 0
        call.seconds = time.perf_counter() - started
        return outcome

    def _answer(self, call: Call, answer: Response | None, met: Sequence[Fault] = ()) -> None:
        """Log the call and answer it; without an answer, cut the connection."""
        if answer is not None:
            call.http_status, call.code, call.message = answer.status, answer.code, answer.message
        self.world.calls.add(call)
        self._wait(met, after=True)
        if answer is None:
            self._cut()
        else:
            self._send(answer)

    def _wait(self, met: Sequence[Fault], *, after: bool) -> None:
        for fault in met:
            if fault.kind == "slow" and fault.takes_effect() is after:
                self.world.stopping.wait(float(fault.value or 0))

    def _send(self, answer: Response) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-TT-LOGID", self.request_id)
        self.send_header("x-tt-trace-id", f"00-{self.request_id}")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: answer.cut_at])
        if answer.cut_at is not None:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
