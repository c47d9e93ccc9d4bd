"""The one dashboard: is it healthy, what moved, what became of it, what waits, what failed."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.dashboard_widgets import FULL, HALF, HEIGHT, THIRD, dead_letter_reasons, graph, waits
from stacks.function import UploaderFunction
from stacks.ingestion import Ingestion
from stacks.metrics import FIVE_MINUTES, FunctionMetrics, rule_metric


class Dashboard(Construct):
    """Five questions from top to bottom, each answered by the row below it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        ingestion: Ingestion,
        uploader: UploaderFunction,
        metrics: FunctionMetrics,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, id_)
        self._ingestion = ingestion
        self._uploader = uploader
        self._metrics = metrics
        board = cloudwatch.Dashboard(self, "Board", default_interval=cdk.Duration.days(1))
        answers = {
            "Is it healthy?": self._healthy(alarms),
            "What moved today?": self._moved(),
            "What did TikTok make of it?": self._outcomes(),
            "What is waiting, and why?": self._waiting(),
            "What failed, and why?": self._failed(),
        }
        for question, widgets in answers.items():
            board.add_widgets(
                cloudwatch.TextWidget(markdown=f"## {question}", width=FULL, height=1)
            )
            board.add_widgets(*widgets)
        self.name = board.dashboard_name

    def _counts(self, labels: Mapping[str, str]) -> list[cloudwatch.IMetric]:
        return [self._metrics.named(name, label=label) for name, label in labels.items()]

    def _healthy(self, alarms: Sequence[cloudwatch.IAlarm]) -> list[cloudwatch.IWidget]:
        function, rule = self._uploader.function, self._ingestion.rule
        runs = [
            function.metric_invocations(label="runs", period=FIVE_MINUTES),
            function.metric_errors(label="crashes", period=FIVE_MINUTES),
            function.metric_throttles(label="throttled", period=FIVE_MINUTES),
            rule_metric(rule, "FailedInvocations", label="events not queued"),
        ]
        seconds = [
            self._metrics.named("DeliveryLatency", statistic="p50", label="half within"),
            self._metrics.named("DeliveryLatency", statistic="Maximum", label="slowest"),
        ]
        status = cloudwatch.AlarmStatusWidget(
            title="Alarms", alarms=[*alarms], width=THIRD, height=HEIGHT
        )
        return [
            status,
            graph("Runs of the function", runs, width=THIRD),
            graph("From upload to delivery (seconds)", seconds, width=THIRD),
        ]

    def _moved(self) -> list[cloudwatch.IWidget]:
        totals = {
            "DropsDelivered": "files delivered",
            "DropsRemoved": "of them taken out",
            "DropsReplaced": "of them in sets",
            "RowsSent": "rows sent",
            "RowsRejected": "rows rejected",
            "TikTokCalls": "calls of TikTok",
        }
        not_sent = {
            "DropsSuperseded": "overtaken by a set",
            "DropsSkipped": "skipped: a marker, or no row in it",
        }
        rows = self._counts({"RowsSent": "sent", "RowsRejected": "rejected"})
        total = cloudwatch.SingleValueWidget(
            title="In the time shown",
            metrics=self._counts(totals),
            set_period_to_time_range=True,
            width=THIRD,
            height=HEIGHT,
        )
        return [
            total,
            graph("Rows", rows, width=THIRD),
            graph("Files not sent, and rightly so", self._counts(not_sent), width=THIRD),
        ]

    def _outcomes(self) -> list[cloudwatch.IWidget]:
        outcomes = {
            "OutcomeFailed": "failed",
            "OutcomeUnclear": "unclear",
            "AudienceTooSmall": "too small",
            "AudienceExpiring": "about to expire",
        }
        sweeps = {
            "DropsFoundBySweep": "files found without a message",
            "SweepUnfinished": "sweeps that did not finish",
        }
        return [
            graph("Changes to look into", self._counts(outcomes), width=HALF),
            graph("Sweeps", self._counts(sweeps), width=HALF),
        ]

    def _waiting(self) -> list[cloudwatch.IWidget]:
        queue = self._ingestion.queue
        messages: list[cloudwatch.IMetric] = [
            queue.metric_approximate_number_of_messages_visible(label="ready", period=FIVE_MINUTES),
            queue.metric_approximate_number_of_messages_not_visible(
                label="waiting or in work", period=FIVE_MINUTES
            ),
            queue.metric_approximate_number_of_messages_delayed(
                label="settling", period=FIVE_MINUTES
            ),
            *self._counts({"MessagesParked": "times put back"}),
        ]
        return [graph("Messages", messages, width=HALF), waits(self._uploader.log_group)]

    def _failed(self) -> list[cloudwatch.IWidget]:
        dead_letters = self._ingestion.dead_letter_queue
        counts = {
            "MessagesDeadLettered": "newly dead-lettered",
            "DropsRejected": "files refused",
            "UnexpectedErrors": "bugs",
            "AudienceCrashes": "crashes with an audience in hand",
            "CredentialsRefused": "credentials refused",
        }
        ended = [
            dead_letters.metric_approximate_number_of_messages_visible(
                label="dead letters", statistic="Maximum", period=FIVE_MINUTES
            ),
            *self._counts(counts),
        ]
        refusals = [self._metrics.tiktok_errors_by_class()]
        return [
            graph("Failures", ended, width=THIRD),
            graph("TikTok's refusals, by class", refusals, width=THIRD),
            dead_letter_reasons(self._uploader.log_group),
        ]
