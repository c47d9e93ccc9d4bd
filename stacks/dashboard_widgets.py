"""The boxes that the dashboard is made of, all of one height."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs

FULL, HALF, THIRD = 24, 12, 8  # widths, in the dashboard's own units
HEIGHT = 6


def graph(title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int) -> cloudwatch.IWidget:
    """Return the metrics as lines over time, from zero."""
    return cloudwatch.GraphWidget(
        title=title,
        left=[*metrics],
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=width,
        height=HEIGHT,
    )


def waits(log_group: logs.ILogGroup) -> cloudwatch.IWidget:
    """Return a table of what messages wait for, latest first."""
    query = [
        'filter message = "message will be retried"',
        "stats count(*) as times, latest(@timestamp) as latest_time by waits_for, audience",
        "sort latest_time desc",
    ]
    return _table("What they wait for, by audience", query, log_group, width=HALF)


def dead_letter_reasons(log_group: logs.ILogGroup) -> cloudwatch.IWidget:
    """Return a table of the reasons why messages were dead-lettered, latest first."""
    query = [
        'filter message = "message dead-lettered"',
        "stats count(*) as messages, latest(@timestamp) as latest_time by reason, audience",
        "sort latest_time desc",
    ]
    return _table("Why messages were dead-lettered", query, log_group, width=THIRD)


def _table(
    title: str, query: Sequence[str], log_group: logs.ILogGroup, *, width: int
) -> cloudwatch.IWidget:
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[log_group.log_group_name],
        query_lines=[*query],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=width,
        height=HEIGHT,
    )
