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


def table(
    title: str, query: Sequence[str], log_group: logs.ILogGroup, *, width: int = HALF
) -> cloudwatch.IWidget:
    """Return what a query finds in the log group, as a table."""
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[log_group.log_group_name],
        query_lines=[*query],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=width,
        height=HEIGHT,
    )
