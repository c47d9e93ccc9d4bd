"""The one logger and the one set of metrics; nothing here may name an audience or an identifier."""

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from audience_uploader.domain.message import Message
from audience_uploader.domain.outcomes import DeadLetter, Park, Unavailable
from audience_uploader.tiktok.errors import TikTokError

_CHATTY = ("boto3", "botocore", "urllib3", "requests", "s3transfer")


def quiet_libraries() -> None:
    """Keeps libraries from logging requests, answers and secrets, whatever the root level is."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)


class Observer:
    """Says what happens, as JSON log lines and EMF metrics; both are named by the environment."""

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def delivered(self, receipt: Mapping[str, Any], *, latency: float) -> None:
        """A drop reached its audience, `latency` seconds after it was dropped."""
        rows = receipt["rows"]
        self._count("DropsDelivered")
        self._count("RowsSent", rows["valid"])
        self._count("RowsRejected", sum(r["count"] for r in rows["rejected"].values()))
        self._metrics.add_metric("DeliveryLatency", MetricUnit.Seconds, latency)
        self._logger.info("drop delivered", extra=_summary(receipt))

    def rejected(self, receipt: Mapping[str, Any]) -> None:
        """A drop was refused, and its receipt says why."""
        rows = receipt["rows"] or {"rejected": {}}
        self._count("DropsRejected")
        self._count("RowsRejected", sum(r["count"] for r in rows["rejected"].values()))
        self._logger.warning("drop rejected", extra=_summary(receipt))

    def parked(self, park: Park, message: Message, *, audience: str | None, age: float) -> None:
        """A message of `age` seconds comes back; `audience` is the digest, where it is known."""
        self._count("MessagesParked")
        self._metrics.add_metric("ParkedMessageAge", MetricUnit.Seconds, age)
        facts: dict[str, Any] = {"waits_for": park.kind, "seconds": round(park.delay, 1)}
        facts |= {"receives": message.receives, "audience": audience}
        self._logger.info("message parked", extra=facts)

    def dead_lettered(self, refusal: DeadLetter, *, audience: str | None) -> None:
        """A message went to the dead-letter queue; `audience` is the digest, where it is known."""
        self._count("MessagesDeadLettered")
        self._logger.warning(
            "message dead-lettered", extra={"reason": refusal.reason, "audience": audience}
        )

    def skipped(self) -> None:
        """The object is no drop."""
        self._count("MessagesSkipped")
        self._logger.info("message skipped: no drop")

    def nothing_to_do(self) -> None:
        """The drop is gone or was concluded before."""
        self._count("MessagesDone")
        self._logger.info("message done before")

    def tiktok_call(self, error: TikTokError | None) -> None:
        """A request was sent to TikTok."""
        self._count("TikTokCalls")
        if error is None:
            return
        name = type(error).__name__
        facts = {"error": name, "code": error.code, "tiktok_request_id": error.request_id}
        self._logger.info("call to TikTok failed", extra={**facts, "http": error.http_status})
        namespace = self._metrics.namespace
        with single_metric("TikTokErrors", MetricUnit.Count, 1, namespace=namespace) as metric:
            metric.add_dimension("error", name)

    def credentials_refused(self) -> None:
        """TikTok, or a look at the secret, says that a person must set the credentials."""
        self._count("CredentialsRefused")
        self._logger.warning("credentials refused")

    def crash_found(self, crashes: int) -> None:
        """The last holder of an audience's lease died."""
        self._count("AudienceCrashes")
        self._logger.warning("an earlier invocation died", extra={"in_a_row": crashes})

    def unavailable(self, error: Unavailable) -> None:
        """An AWS service did not do its part."""
        facts = {"service_called": error.service, "error": error.code}
        self._logger.warning("AWS service unavailable", extra=facts)

    def bug(self, error: BaseException) -> None:
        """An exception that nobody planned: its class and places are logged, never its text."""
        self._count("UnexpectedErrors")
        self._logger.error("unexpected error", extra={"error": type(error).__name__, **_at(error)})

    def _count(self, metric: str, value: float = 1) -> None:
        self._metrics.add_metric(metric, MetricUnit.Count, value)


def _summary(receipt: Mapping[str, Any]) -> dict[str, Any]:
    rows = receipt["rows"] or {}
    return {
        "audience": receipt["audience_digest"],
        "calculate_type": receipt["calculate_type"],
        "action": receipt["action"],
        "reason": receipt.get("reason"),
        "rows_valid": rows.get("valid"),
        "uploads": len(receipt["uploads"]),
        "tiktok_request_id": receipt.get("request_id"),
        "attempts": receipt["attempts"],
    }


def _at(error: BaseException) -> Mapping[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {"at": [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in frames]}
