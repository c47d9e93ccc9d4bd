"""The one dashboard: is it healthy, what moved, what is waiting and why, what failed and why."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.metrics import FIVE_MINUTES, rule_metric, tiktok_errors_by_class, uploader_metric

_FULL, _HALF, _THIRD = 24, 12, 8
_HEIGHT = 6


class Dashboard(Construct):
    """Four questions from top to bottom, each answered by the row below it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        queue: sqs.IQueue,
        dead_letter_queue: sqs.IQueue,
        rule: events.IRule,
        function: lambda_.IFunction,
        log_group: logs.ILogGroup,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, id_)
        board = cloudwatch.Dashboard(self, "Board", default_interval=cdk.Duration.days(1))
        board.add_widgets(_question("Is it healthy?"))
        board.add_widgets(*_healthy(function, rule, alarms))
        board.add_widgets(_question("What moved today?"))
        board.add_widgets(*_moved())
        board.add_widgets(_question("What is waiting, and why?"))
        board.add_widgets(*_waiting(queue, log_group))
        board.add_widgets(_question("What failed, and why?"))
        board.add_widgets(*_failed(dead_letter_queue, log_group))
        self.name = board.dashboard_name


def _question(text: str) -> cloudwatch.IWidget:
    return cloudwatch.TextWidget(markdown=f"## {text}", width=_FULL, height=1)


def _healthy(
    function: lambda_.IFunction, rule: events.IRule, alarms: Sequence[cloudwatch.IAlarm]
) -> list[cloudwatch.IWidget]:
    runs = [
        function.metric_invocations(label="runs", period=FIVE_MINUTES),
        function.metric_errors(label="crashes", period=FIVE_MINUTES),
        function.metric_throttles(label="throttled", period=FIVE_MINUTES),
        rule_metric(rule, "FailedInvocations", label="events not queued"),
    ]
    seconds = [
        uploader_metric("DeliveryLatency", statistic="p50", label="half within"),
        uploader_metric("DeliveryLatency", statistic="Maximum", label="slowest"),
    ]
    return [
        cloudwatch.AlarmStatusWidget(
            title="Alarms", alarms=[*alarms], width=_THIRD, height=_HEIGHT
        ),
        _graph("Runs of the function", runs, width=_THIRD),
        _graph("From upload to delivery (seconds)", seconds, width=_THIRD),
    ]


def _moved() -> list[cloudwatch.IWidget]:
    totals = {
        "DropsDelivered": "files delivered",
        "RowsSent": "rows sent",
        "RowsRejected": "rows rejected",
        "MessagesSkipped": "markers skipped",
        "TikTokCalls": "calls of TikTok",
    }
    rows = [
        uploader_metric("RowsSent", label="sent"),
        uploader_metric("RowsRejected", label="rejected"),
    ]
    return [
        cloudwatch.SingleValueWidget(
            title="In the time shown",
            metrics=[uploader_metric(name, label=label) for name, label in totals.items()],
            set_period_to_time_range=True,
            width=_HALF,
            height=_HEIGHT,
        ),
        _graph("Rows", rows, width=_HALF),
    ]


def _waiting(queue: sqs.IQueue, log_group: logs.ILogGroup) -> list[cloudwatch.IWidget]:
    messages = [
        queue.metric_approximate_number_of_messages_visible(label="ready", period=FIVE_MINUTES),
        queue.metric_approximate_number_of_messages_not_visible(
            label="parked or in work", period=FIVE_MINUTES
        ),
        queue.metric_approximate_number_of_messages_delayed(label="settling", period=FIVE_MINUTES),
        uploader_metric("MessagesParked", label="times parked"),
    ]
    reasons = [
        'filter message = "message parked"',
        "stats count(*) as times, latest(@timestamp) as latest_time by waits_for, audience",
        "sort latest_time desc",
    ]
    return [
        _graph("Messages", messages, width=_HALF),
        _table("What they wait for, by audience", reasons, log_group),
    ]


def _failed(dead_letters: sqs.IQueue, log_group: logs.ILogGroup) -> list[cloudwatch.IWidget]:
    waiting_for_a_person = dead_letters.metric_approximate_number_of_messages_visible(
        label="dead letters", statistic="Maximum", period=FIVE_MINUTES
    )
    ended = [
        waiting_for_a_person,
        uploader_metric("MessagesDeadLettered", label="newly dead-lettered"),
        uploader_metric("DropsRejected", label="files refused"),
        uploader_metric("UnexpectedErrors", label="bugs"),
        uploader_metric("AudienceCrashes", label="crashes with an audience in hand"),
        uploader_metric("CredentialsRefused", label="credentials refused"),
    ]
    reasons = [
        'filter message = "message dead-lettered"',
        "stats count(*) as messages, latest(@timestamp) as latest_time by reason, audience",
        "sort latest_time desc",
    ]
    return [
        _graph("Failures", ended, width=_THIRD),
        _graph("TikTok's refusals, by class", [tiktok_errors_by_class()], width=_THIRD),
        _table("Why messages were dead-lettered", reasons, log_group, width=_THIRD),
    ]


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=[*metrics],
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=width,
        height=_HEIGHT,
    )


def _table(
    title: str, query: Sequence[str], log_group: logs.ILogGroup, *, width: int = _HALF
) -> cloudwatch.IWidget:
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[log_group.log_group_name],
        query_lines=[*query],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=width,
        height=_HEIGHT,
    )
