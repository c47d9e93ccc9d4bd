"""The one logger and the one set of metrics; nothing here may name an audience or an identifier."""

import hashlib
import traceback
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from audience_uploader.domain.actions import REMOVE, REPLACE
from audience_uploader.domain.audience_names import audience_digest
from audience_uploader.domain.message import Message
from audience_uploader.domain.open_change import FAILED, TOO_SMALL, UNCLEAR, OpenChange
from audience_uploader.domain.outcomes import DeadLetter, RetryLater, Unavailable
from audience_uploader.domain.receipt_figures import log_facts, rows_rejected
from audience_uploader.tiktok.errors import TikTokError

_OUTCOME_METRICS = {
    FAILED: "OutcomeFailed",
    TOO_SMALL: "AudienceTooSmall",
    UNCLEAR: "OutcomeUnclear",
}
_ACTION_METRICS = {REMOVE: "DropsRemoved", REPLACE: "DropsReplaced"}


class Observer:
    """Says what happens, as JSON log lines and EMF metrics; both are named by the environment."""

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def delivered(self, receipt: Mapping[str, Any], *, latency: float) -> None:
        """Note that a drop reached its audience, `latency` seconds after it was dropped."""
        self._count("DropsDelivered")
        if receipt["action"] in _ACTION_METRICS:
            self._count(_ACTION_METRICS[receipt["action"]])
        self._count("RowsSent", receipt["rows"]["valid"])
        self._count("RowsRejected", rows_rejected(receipt))
        self._metrics.add_metric("DeliveryLatency", MetricUnit.Seconds, latency)
        self._logger.info("drop delivered", extra=log_facts(receipt))

    def rejected(self, receipt: Mapping[str, Any]) -> None:
        """Note that a drop was refused; its receipt says why."""
        self._count("DropsRejected")
        self._count("RowsRejected", rows_rejected(receipt))
        self._logger.warning("drop rejected", extra=log_facts(receipt))

    def retry_later(
        self, outcome: RetryLater, message: Message, *, audience: str | None, age: float
    ) -> None:
        """Note a message of `age` seconds that is retried; `audience` is a digest, if known."""
        self._count("MessagesParked")
        self._metrics.add_metric("ParkedMessageAge", MetricUnit.Seconds, age)
        facts: dict[str, Any] = {"waits_for": outcome.kind, "seconds": round(outcome.delay, 1)}
        facts |= {"receives": message.receives, "audience": audience, "code": outcome.code}
        self._logger.info("message will be retried", extra=facts)

    def dead_lettered(self, refusal: DeadLetter, *, audience: str | None) -> None:
        """Note a message in the dead-letter queue; `audience` is the digest, where it is known."""
        self._count("MessagesDeadLettered")
        self._logger.warning(
            "message dead-lettered", extra={"reason": refusal.reason, "audience": audience}
        )

    def skipped(self, reason: str, *, key: str) -> None:
        """Tell that an object is no drop, by a digest of its key."""
        self._count("MessagesSkipped")
        self._count("DropsSkipped")
        digest = hashlib.sha256(key.encode(errors="replace")).hexdigest()[:12]
        self._logger.info("skipped: no drop", extra={"reason": reason, "key_digest": digest})

    def superseded(self) -> None:
        """Tell that a newer set overtook a drop."""
        self._count("DropsSuperseded")

    def outcome(self, change: OpenChange, *, drops: int, audience: str) -> None:
        """Tell what TikTok made of an accepted change."""
        metric = _OUTCOME_METRICS.get(change.outcome or "")
        if metric:
            self._count(metric)
        facts = {"outcome": change.outcome, "action": change.action, "drops": drops}
        facts |= {"audience": audience_digest(audience), "tiktok_request_id": change.request_id}
        self._logger.info("outcome known", extra=facts)

    def audience_expiring(self) -> None:
        """Tell that an audience will expire within 60 days unless it is used or changed."""
        self._count("AudienceExpiring")

    def sweep_failed(self, error: str) -> None:
        """Tell that a sweep came to a part that it has to leave to the next one."""
        self._count("SweepUnfinished")
        self._logger.warning("sweep unfinished", extra={"error": error})

    def swept(self, *, sent: int, finished: bool) -> None:
        """Tell what a sweep did: messages sent for drops that had none."""
        self._count("DropsFoundBySweep", sent)
        if not finished:
            self._count("SweepUnfinished")
        self._logger.info("sweep", extra={"messages_sent": sent, "finished": finished})

    def nothing_to_do(self) -> None:
        """Note that the drop is gone or was concluded before."""
        self._count("MessagesDone")
        self._logger.info("message done before")

    def tiktok_call(self, error: TikTokError | None) -> None:
        """Note a request that was sent to TikTok."""
        self._count("TikTokCalls")
        if error is None:
            return
        name = type(error).__name__
        facts = {"error": name, "code": error.code, "tiktok_request_id": error.request_id}
        self._logger.info("call to TikTok failed", extra={**facts, "http": error.http_status})
        namespace = self._metrics.namespace
        with single_metric("TikTokErrors", MetricUnit.Count, 1, namespace=namespace) as metric:
            metric.add_dimension("error", name)

    def credentials_refused(self, why: str) -> None:
        """Tell that a person must set the credentials; `why` names what is wrong, no value."""
        self._count("CredentialsRefused")
        self._logger.warning("credentials refused", extra={"why": why})

    def crash_found(self, crashes: int) -> None:
        """Note that the last holder of an audience's lease died."""
        self._count("AudienceCrashes")
        self._logger.warning("an earlier invocation died", extra={"in_a_row": crashes})

    def unavailable(self, error: Unavailable) -> None:
        """Note that an AWS service did not do its part."""
        facts = {"service_called": error.service, "error": error.code}
        self._logger.warning("AWS service unavailable", extra=facts)

    def bug(self, error: BaseException) -> None:
        """Log an exception that nobody planned by its class and places, never its text."""
        self._count("UnexpectedErrors")
        self._logger.error("unexpected error", extra={"error": type(error).__name__, **_at(error)})

    def _count(self, metric: str, value: float = 1) -> None:
        self._metrics.add_metric(metric, MetricUnit.Count, value)


def _at(error: BaseException) -> Mapping[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {"at": [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in frames]}
