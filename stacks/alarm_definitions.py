"""What needs a person, as AWS's own metrics show it; each says what it means and what to do first.

What the function reports itself is in `reported_alarms`.
"""

import math
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from stacks.metrics import FIVE_MINUTES, rule_metric

INTERVALS_PER_HOUR: Final = 12
_INTERVALS_PER_DAY = 288  # CloudWatch's limit for an alarm over intervals of less than an hour

_SEE = "See docs/operations.md."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDefinition:
    """One thing to be told about: when `metric` is at or above `threshold`."""

    id_: str
    meaning: str
    first: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    # In how many of the metric's last intervals, and how many are looked at.
    hits: int = 1
    intervals: int = 1

    @property
    def description(self) -> str:
        """What it means and what to do first, as the person reads it in the mail."""
        return f"{self.meaning} First: {self.first} {_SEE}"


def intervals_over(seconds: float) -> int:
    """Return how many five-minute intervals hold two reports that are so far apart."""
    intervals = math.ceil(seconds / FIVE_MINUTES.to_seconds()) + 1
    return min(intervals, _INTERVALS_PER_DAY)


def queue_alarms(queue: sqs.IQueue, dead_letters: sqs.IQueue) -> list[AlarmDefinition]:
    """Return the alarms over files that only a person can help, and messages that nobody takes."""
    return [
        AlarmDefinition(
            id_="DeadLettersWaiting",
            meaning="A file could not be delivered to TikTok, and no waiting will help.",
            first="poll the dead-letter queue and read ErrorReason and ErrorMessage on the "
            "message; fix the cause, then redrive it. It is deleted after 14 days.",
            metric=dead_letters.metric_approximate_number_of_messages_visible(
                statistic="Maximum", period=FIVE_MINUTES
            ),
        ),
        AlarmDefinition(
            id_="BacklogNotClearing",
            meaning="For an hour there were always messages ready to be taken: the function takes "
            "none, or fewer than come in.",
            first="see whether the function's SQS trigger is disabled, and how many runs and "
            "throttles the dashboard shows.",
            metric=queue.metric_approximate_number_of_messages_visible(
                statistic="Minimum", period=FIVE_MINUTES
            ),
            hits=INTERVALS_PER_HOUR,
            intervals=INTERVALS_PER_HOUR,
        ),
    ]


def rule_alarms(drop_rule: events.IRule, sweep_rule: events.IRule | None) -> list[AlarmDefinition]:
    """Return the alarms over the way from the bucket, and from the schedule, to the queue."""
    sweep = [_sweep_not_sent(sweep_rule)] if sweep_rule else []
    return [
        AlarmDefinition(
            id_="RuleDeliveriesFailing",
            meaning="EventBridge could not put the news of a new file into the queue.",
            first="read ERROR_CODE and ERROR_MESSAGE on the message in the dead-letter queue; "
            "usually the key's or the queue's policy was changed. Deploy again, then redrive.",
            metric=rule_metric(drop_rule, "FailedInvocations"),
        ),
        AlarmDefinition(
            id_="RuleDeadLettersFailing",
            meaning="EventBridge could put the news of a new file neither into the queue nor into "
            "the dead-letter queue; the event is lost, the file is still there.",
            first="deploy again, which puts the policies of both queues right. The next sweep "
            "finds the file; without sweeps, copy it over itself or replay the archive.",
            metric=rule_metric(drop_rule, "InvocationsFailedToBeSentToDlq"),
        ),
        *sweep,
    ]


def _sweep_not_sent(rule: events.IRule) -> AlarmDefinition:
    return AlarmDefinition(
        id_="SweepNotSent",
        meaning="EventBridge could not put the time of a sweep into the queue, so nobody looks "
        "for drops without a message or for outcomes at TikTok.",
        first="see whether the key's or the queue's policy was changed, and deploy again; the "
        "next sweep makes up for this one.",
        metric=rule_metric(rule, "FailedInvocations"),
    )


def function_alarms(function: lambda_.IFunction) -> list[AlarmDefinition]:
    """Return the alarms over the function's runs: expected outcomes are no errors of it."""
    return [
        AlarmDefinition(
            id_="FunctionErrors",
            meaning="The function crashed, ran out of time or of memory; its message comes back.",
            first="search the log group for 'Task timed out', 'Runtime' and 'unexpected error'.",
            metric=function.metric_errors(statistic="Sum", period=FIVE_MINUTES),
        ),
        AlarmDefinition(
            id_="FunctionThrottled",
            meaning="The account had no concurrency left for the function for a quarter of an "
            "hour; files wait.",
            first="compare the account's concurrent executions in this region with its quota.",
            metric=function.metric_throttles(statistic="Sum", period=FIVE_MINUTES),
            hits=3,
            intervals=3,
        ),
    ]
