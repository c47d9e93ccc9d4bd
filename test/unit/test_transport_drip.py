"""An answer that drips is cut off when its time is over, however steadily it comes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from audience_uploader.tiktok.errors import ServerFault
from audience_uploader.tiktok.rate_limiter import RateLimiter
from audience_uploader.tiktok.transport import Transport

BYTES = 600


class Dripping(BaseHTTPRequestHandler):
    """Answers with one byte every tenth of a second, for a minute."""

    sent = 0
    closed = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(BYTES))
        self.end_headers()
        while Dripping.sent < BYTES and not Dripping.closed.wait(0.1):
            try:
                self.wfile.write(b"{")
            except OSError:
                return
            Dripping.sent += 1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Dripping) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Dripping.closed.set()
        server.shutdown()
        thread.join()


def test_exchange_answer_that_drips_is_given_up_long_before_its_end(url: str) -> None:
    pace = RateLimiter(0, clock=lambda: 0.0, sleep=lambda seconds: None)
    transport = Transport(url, "token", limiter=pace)

    with pytest.raises(ServerFault):
        transport.exchange("GET", "/slow/", time_left=lambda: 0.5)

    transport.close()
    assert Dripping.sent < BYTES / 2
