"""The answer as it goes out: the envelope, or what a fault makes of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from local.tiktok_simulator.answers import PARTIAL_SUCCESS, envelope
from local.tiktok_simulator.api import Outcome
from local.tiktok_simulator.fault import Fault

_HUGE = 50_000_000
_PIECE = 1 << 20
_NOT_JSON = "<html><body>Service temporarily unavailable</body></html>"
_CUTS = ("cut_before", "cut_after")
_WRONG_DATA: dict[object, object] = {"null": None, "list": [], "text": "OK"}


@dataclass(slots=True, kw_only=True)
class Response:
    """An HTTP answer; `length` is announced instead of the body's own if it is set."""

    status: int = 200
    content_type: str = "application/json"
    body: bytes = b""
    code: int | None = None
    message: str = ""
    length: int | None = None
    cut: bool = False

    @property
    def announced(self) -> int:
        """Content-Length."""
        return len(self.body) if self.length is None else self.length

    def pieces(self) -> Iterator[bytes]:
        """Return the body, and blanks up to the announced length unless it is to be cut."""
        yield self.body
        left = 0 if self.cut else self.announced - len(self.body)
        while left > 0:
            yield b" " * min(left, _PIECE)
            left -= _PIECE


def html(status: int, text: str) -> Response:
    """Return what a gateway says."""
    page = f"<html><head><title>{status}</title></head><body><h1>{status} {text}</h1></body></html>"
    return Response(status=status, content_type="text/html", body=page.encode())


def response(outcome: Outcome, fault: Fault | None, *, request_id: str) -> Response | None:
    """Return the answer to a call that ended so and met that fault; None is no answer at all."""
    if fault is None:
        return _enveloped(outcome, request_id)
    if fault.kind in _CUTS:
        return None
    if fault.kind == "http":
        return html(int(fault.value or 0), "Gateway fault")
    if fault.kind == "code":
        data = outcome.data if fault.value == PARTIAL_SUCCESS else {}
        return _enveloped(Outcome(int(fault.value or 0), fault.message, data), request_id)
    return _spoilt(_enveloped(outcome, request_id), outcome, fault, request_id)


def _enveloped(outcome: Outcome, request_id: str) -> Response:
    body = envelope(outcome.code, outcome.message, outcome.data, request_id=request_id)
    return Response(body=body, code=outcome.code, message=outcome.message)


def _spoilt(answer: Response, outcome: Outcome, fault: Fault, request_id: str) -> Response:
    if fault.kind == "truncate":
        answer.length = len(answer.body)
        answer.body = answer.body[: len(answer.body) // 2]
        answer.cut = True
    elif fault.kind == "not_json":
        answer.body = str(fault.value or _NOT_JSON).encode()
    elif fault.kind == "huge":
        # Blanks behind the JSON are JSON still: only the size is wrong.
        answer.length = int(fault.value or _HUGE)
    elif fault.kind == "wrong_shape":
        answer.body = _wrong_shape(outcome, fault.value, request_id)
    return answer


def _wrong_shape(outcome: Outcome, how: object, request_id: str) -> bytes:
    if how == "body":
        return json.dumps([outcome.code, outcome.message]).encode()
    if how in _WRONG_DATA:
        return envelope(outcome.code, outcome.message, _WRONG_DATA[how], request_id=request_id)
    return json.dumps(
        {"code": outcome.code, "message": outcome.message, "request_id": request_id}
    ).encode()
