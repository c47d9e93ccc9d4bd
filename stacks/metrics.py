"""The metrics that alarms and dashboard look at, each named once."""

from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

SERVICE: Final = "audience-uploader"
FIVE_MINUTES: Final = cdk.Duration.minutes(5)


@dataclass(frozen=True, slots=True)
class FunctionMetrics:
    """What the function itself writes, in the namespace of its deployment."""

    namespace: str

    def named(
        self,
        name: str,
        *,
        label: str | None = None,
        statistic: str = "Sum",
        period: cdk.Duration = FIVE_MINUTES,
    ) -> cloudwatch.Metric:
        """Return one metric, over five minutes if no other period is named."""
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={"service": SERVICE},
            statistic=statistic,
            period=period,
            label=label,
        )

    def tiktok_errors_by_class(self) -> cloudwatch.MathExpression:
        """Return one line for each class of error that TikTok's answers were put into."""
        schema = f'{{"{self.namespace}",service,error}}'
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{schema} MetricName=\"TikTokErrors\"', 'Sum', 300)",
            using_metrics={},
            label="",
            period=FIVE_MINUTES,
        )


def rule_metric(rule: events.IRule, name: str, *, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric that EventBridge writes about a rule, over five minutes."""
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name=name,
        dimensions_map={"RuleName": rule.rule_name},
        statistic="Sum",
        period=FIVE_MINUTES,
        label=label,
    )
