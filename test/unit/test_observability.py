"""What is logged and counted, and that nothing of it names an audience or an identifier."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter, RetryLater, Unavailable
from audience_uploader.handler import quiet_libraries
from audience_uploader.observability import Observer
from audience_uploader.tiktok.errors import RateLimited
from aws_lambda_powertools import Logger, Metrics

MESSAGE = Message("m", "h", "body of foodies", 3, 0.0)
RECEIPT: dict[str, Any] = {
    "drop": {"key": "tiktok/foodies/email_sha256/a.csv"},
    "audience_name": "foodies",
    "audience_digest": "123456789abc",
    "calculate_type": "EMAIL_SHA256",
    "action": "append",
    "reason": "no_valid_rows",
    "message": "Row jane@example.com is raw.",
    "rows": {"read": 9, "valid": 5, "rejected": {"raw_email": {"count": 3}, "blank": {"count": 1}}},
    "uploads": [{}, {}],
    "request_id": "2026ABC",
    "attempts": 2,
}
Act = Callable[[Observer], None]


def observe(act: Act, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], Any]:
    """Return what was logged, and the metrics as they are printed."""
    stream = io.StringIO()
    logger = Logger(service=f"observed-{id(stream)}", level="DEBUG", stream=stream)
    metrics = Metrics(namespace="test", service="s")
    metrics.clear_metrics()
    act(Observer(logger, metrics))
    metrics.flush_metrics()
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [json.loads(line) for line in stream.getvalue().splitlines()], printed


TABLE: dict[str, tuple[Act, dict[str, float], str]] = {
    "delivered": (
        lambda o: o.delivered(RECEIPT, latency=7.5),
        {"DropsDelivered": 1, "RowsSent": 5, "RowsRejected": 4, "DeliveryLatency": 7.5},
        "INFO",
    ),
    "rejected": (
        lambda o: o.rejected(RECEIPT),
        {"DropsRejected": 1, "RowsRejected": 4},
        "WARNING",
    ),
    "rejected unread": (
        lambda o: o.rejected({**RECEIPT, "rows": None}),
        {"DropsRejected": 1, "RowsRejected": 0},
        "WARNING",
    ),
    "retried later": (
        lambda o: o.retry_later(
            RetryLater("transient", 30), MESSAGE, audience="123456789abc", age=60
        ),
        {"MessagesParked": 1},
        "INFO",
    ),
    "dead-lettered": (
        lambda o: o.dead_lettered(DeadLetter("bad_key", "foodies"), audience="123456789abc"),
        {"MessagesDeadLettered": 1},
        "WARNING",
    ),
    "skipped": (
        lambda o: o.skipped("marker", key="tiktok/foodies/_SUCCESS"),
        {"MessagesSkipped": 1, "DropsSkipped": 1},
        "INFO",
    ),
    "credentials": (
        lambda o: o.credentials_refused("the secret is not JSON"),
        {"CredentialsRefused": 1},
        "WARNING",
    ),
    "crash": (lambda o: o.crash_found(2), {"AudienceCrashes": 1}, "WARNING"),
    "bug": (lambda o: o.bug(KeyError("foodies")), {"UnexpectedErrors": 1}, "ERROR"),
    "unavailable": (lambda o: o.unavailable(Unavailable("s3", "SlowDown")), {}, "WARNING"),
    "failed call": (
        lambda o: o.tiktok_call(RateLimited("foodies", code=40100, request_id="r")),
        {"TikTokCalls": 1, "TikTokErrors": 1},
        "INFO",
    ),
}


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
@pytest.mark.parametrize(("act", "counts", "level"), TABLE.values(), ids=TABLE)
def test_event_is_logged_once_and_counted_without_naming_anybody(
    capsys: pytest.CaptureFixture[str], act: Act, counts: dict[str, float], level: str
) -> None:
    logged, printed = observe(act, capsys)

    assert [line["level"] for line in logged] == [level]
    found = {n: line[n][0] if isinstance(line[n], list) else line[n]
             for line in printed for n in counts if n in line}  # fmt: skip
    assert found == counts
    for name in ("foodies", "jane@example.com", "tiktok/"):
        assert name not in json.dumps([logged, printed])


def test_summary_joins_log_and_receipt_by_the_digest(capsys: pytest.CaptureFixture[str]) -> None:
    [line], _ = observe(lambda o: o.delivered(RECEIPT, latency=1), capsys)

    assert line["audience"] == RECEIPT["audience_digest"]
    assert (line["rows_valid"], line["uploads"], line["tiktok_request_id"]) == (5, 2, "2026ABC")


def test_failed_calls_are_counted_by_the_class_of_their_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, printed = observe(lambda o: o.tiktok_call(RateLimited("x", code=40100)), capsys)

    [errors] = [line for line in printed if "TikTokErrors" in line]
    assert errors["error"] == "RateLimited"


def test_libraries_say_nothing_below_a_warning_whatever_was_asked_of_them() -> None:
    names = ["botocore", "botocore.parsers", "urllib3", "urllib3.connectionpool", "requests"]
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)

    quiet_libraries()

    assert not [name for name in names if logging.getLogger(name).isEnabledFor(logging.INFO)]
