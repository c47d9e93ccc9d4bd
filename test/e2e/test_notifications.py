"""The commands of docs/notifications.md, run in the emulator against real receipts and status."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from support.practice import Practice, assert_all_practised, practises

from local.emulator.invented import csv, ids
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e

PAGE = "notifications"
SWEEP = """aws sqs send-message --queue-url "$queue" --message-body \
  '{"source":"aws.events","detail-type":"Scheduled Event"}'"""


class Mailbox:
    """A queue that stands in for a person's mail."""

    def __init__(self, practice: Practice) -> None:
        self._sqs = practice.clients.sqs
        self._url = self._sqs.create_queue(QueueName="mailbox")["QueueUrl"]
        self._texts: list[str] = []
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        self.arn = attributes["Attributes"]["QueueArn"]

    def texts(self) -> list[str]:
        """Give what has come so far."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            told = json.loads(json.loads(message["Body"])["Message"])
            self._texts.append(told["text"])
        return self._texts


@pytest.fixture(scope="module")
def mailbox(practice: Practice) -> Mailbox:
    return Mailbox(practice)


@pytest.fixture(scope="module")
def webhook() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a place that takes a POST, and what comes there."""
    came: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            came.append(json.loads(self.rfile.read(length))["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", came
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_block_of_the_document_is_practised_here() -> None:
    assert_all_practised(PAGE)


@practises(PAGE, "By mail, through a topic", 1)
@practises(PAGE, "To a webhook", 1)
def test_topic_and_webhook_are_told_of_receipts_and_status(
    practice: Practice, mailbox: Mailbox, webhook: tuple[str, list[str]]
) -> None:
    address, came = webhook
    person = {"protocol email": "protocol sqs", "you@example.com": mailbox.arn}
    practice.run(PAGE, "By mail, through a topic", instead=person)
    practice.run(PAGE, "To a webhook", instead={"https://hooks.example.com/your/webhook": address})

    key = practice.stack.put("tiktok/news/phone_sha256/a.csv", csv(ids("news", 1200)))
    practice.delivered(key)
    practice.named(SWEEP)

    start = f"TikTok audiences: s3://{practice.stack.bucket}/"
    status = f"{start}status/news.json"
    for told in (mailbox.texts, lambda: came):
        wait_for(partial(_is_told, status, told), "the news of the status", seconds=60)
        assert any(text.startswith(f"{start}receipts/{key}/") for text in told())
        assert not any(text.endswith("index.html") for text in told())


def _is_told(text: str, told: Callable[[], list[str]]) -> bool:
    return text in told()
