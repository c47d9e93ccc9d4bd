"""The metrics that alarms and dashboard look at, each named once."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

NAMESPACE: Final = "TikTokAudienceUploader"
SERVICE: Final = "audience-uploader"
FIVE_MINUTES: Final = cdk.Duration.minutes(5)


def uploader_metric(
    name: str, *, label: str | None = None, statistic: str = "Sum"
) -> cloudwatch.Metric:
    """Gives a metric that the function itself writes, over five minutes."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"service": SERVICE},
        statistic=statistic,
        period=FIVE_MINUTES,
        label=label,
    )


def rule_metric(rule: events.IRule, name: str, *, label: str | None = None) -> cloudwatch.Metric:
    """Gives a metric that EventBridge writes about a rule, over five minutes."""
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name=name,
        dimensions_map={"RuleName": rule.rule_name},
        statistic="Sum",
        period=FIVE_MINUTES,
        label=label,
    )


def tiktok_errors_by_class() -> cloudwatch.MathExpression:
    """Gives one line for each class of error that TikTok's answers were put into."""
    schema = f"{{{NAMESPACE},service,error}}"
    return cloudwatch.MathExpression(
        expression=f"SEARCH('{schema} MetricName=\"TikTokErrors\"', 'Sum', 300)",
        using_metrics={},
        label="",
        period=FIVE_MINUTES,
    )
