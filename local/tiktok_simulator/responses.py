"""The answer as it goes out: the envelope, or what a fault makes of it."""

import json
from dataclasses import dataclass

from local.tiktok_simulator.answers import Code, Json, Outcome
from local.tiktok_simulator.faults import Fault

_HUGE = 50_000_000
_NOT_JSON = "<html><body>Service temporarily unavailable</body></html>"
_CUTS = ("cut_before", "cut_after")
_WRONG_DATA: dict[object, object] = {"null": None, "list": [], "text": "OK"}


@dataclass(slots=True, kw_only=True)
class Response:
    """An HTTP answer; the connection is cut after `cut_at` bytes of the body if that is set."""

    status: int = 200
    content_type: str = "application/json"
    body: bytes = b""
    code: int | None = None
    message: str = ""
    cut_at: int | None = None


def html(status: int, text: str) -> Response:
    """Return what a gateway says."""
    page = f"<html><head><title>{status}</title></head><body><h1>{status} {text}</h1></body></html>"
    return Response(status=status, content_type="text/html", body=page.encode())


def response(outcome: Outcome, fault: Fault | None, *, request_id: str) -> Response | None:
    """Return the answer to a call that ended so and met that fault; None is no answer at all."""
    kind, value = (fault.kind, fault.value) if fault else ("", None)
    if kind in _CUTS:
        return None
    if kind == "http":
        return html(int(value or 0), "Gateway fault")
    if fault and kind == "code":
        data = outcome.data if value == Code.PARTIAL_SUCCESS else {}
        outcome = Outcome(int(value or 0), fault.message, data)
    envelope = outcome.envelope(request_id)
    answer = Response(body=_bytes(envelope), code=outcome.code, message=outcome.message)
    if kind == "truncate":
        answer.cut_at = len(answer.body) // 2
    elif kind == "not_json":
        answer.body = str(value or _NOT_JSON).encode()
    elif kind == "huge":
        # Blanks behind the JSON are JSON still: only the size is wrong.
        answer.body = answer.body.ljust(int(value or _HUGE))
    elif kind == "wrong_shape":
        answer.body = _bytes(_wrong_shape(envelope, value))
    return answer


def _wrong_shape(envelope: Json, how: object) -> object:
    if how == "body":
        return [envelope["code"], envelope["message"]]
    if how in _WRONG_DATA:
        return envelope | {"data": _WRONG_DATA[how]}
    return {name: value for name, value in envelope.items() if name != "data"}


def _bytes(answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()
