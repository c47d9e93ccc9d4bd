"""One HTTP exchange with TikTok: bounded in time and size, and no library error gets out."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from audience_uploader.tiktok.bounded_http import BoundedAdapter, PhaseTimeout
from audience_uploader.tiktok.errors import ServerFault, TikTokError, error_class
from audience_uploader.tiktok.models import Answer
from audience_uploader.tiktok.rate_limiter import Limiter
from audience_uploader.tiktok.redaction import redact, redact_id

LONGEST_WAIT = 60.0  # seconds for one answer
LONGEST_UPLOAD_WAIT = 600.0  # seconds; TikTok may take minutes over 240 MB
LARGEST_ANSWER = 4 << 20  # bytes; a page of 100 audiences has some 50 kB

TimeLeft = Callable[[], float]
"""Seconds that a call may take; raises when there are none."""


class Transport:
    """Sends requests with the token, no faster than `limiter` lets them."""

    def __init__(self, base_url: str, access_token: str, *, limiter: Limiter) -> None:
        self._base_url = base_url
        self._token = access_token
        self._limiter = limiter
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no .netrc of the environment
        self._session.headers["Access-Token"] = access_token
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, BoundedAdapter())

    def close(self) -> None:
        """Drop idle connections; the next call gets a fresh one."""
        self._session.close()

    def exchange(
        self,
        method: str,
        path: str,
        *,
        time_left: TimeLeft,
        longest: float = LONGEST_WAIT,
        **request: Any,
    ) -> Answer:
        """Return TikTok's answer to one request, sent once; it is awaited for `longest` seconds.

        Raises a TikTokError: ServerFault when there is no usable answer, else by its code.
        """
        self._limiter.wait()
        timeout = PhaseTimeout(left=time_left(), longest=longest)
        status, body = self._send(method, path, timeout, request)
        return self._read(status, body)

    def _send(
        self, method: str, path: str, timeout: PhaseTimeout, request: Mapping[str, Any]
    ) -> tuple[int, bytes]:
        try:
            with self._session.request(
                method,
                self._base_url + path,
                stream=True,
                allow_redirects=False,
                timeout=timeout,  # type: ignore[arg-type]  # urllib3's own kind is passed through
                **request,
            ) as response:
                return response.status_code, _bounded(response, timeout.read_timeout)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise ServerFault(f"no answer ({type(error).__name__})") from None

    def _read(self, status: int, body: bytes) -> Answer:
        envelope = _envelope(status, body)
        request_id = redact_id(envelope.get("request_id"), secret=self._token)
        code, message = envelope["code"], str(envelope.get("message", ""))
        facts: Any = {"code": code, "http_status": status, "request_id": request_id}
        if code not in (0, 20001):
            raise _error(code, redact(message, secret=self._token), facts)
        data = envelope.get("data")
        if not isinstance(data, Mapping):
            raise ServerFault("the answer has no data", **facts)
        return Answer(data, request_id or "", partial=code == 20001)


def _error(code: int, message: str, facts: dict[str, Any]) -> TikTokError:
    return error_class(code, message)(message, **facts)


def _envelope(status: int, body: bytes) -> Mapping[str, Any]:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        raise ServerFault("the answer is not JSON", http_status=status) from None
    code = envelope.get("code") if isinstance(envelope, dict) else None
    if status >= 500 or status == 429 or not isinstance(code, int) or isinstance(code, bool):
        raise ServerFault(f"HTTP {status} without a usable answer", http_status=status)
    return dict(envelope)


def _bounded(response: requests.Response, wait: float) -> bytes:
    """Read the whole body as it comes, so that one that drips is noticed before it is long."""
    ends_at, body = time.monotonic() + wait, b""
    while block := response.raw.read1(1 << 16, decode_content=True):
        body += block
        if len(body) > LARGEST_ANSWER or time.monotonic() > ends_at:
            raise requests.RequestException("the answer is too large or too slow")
    return body
