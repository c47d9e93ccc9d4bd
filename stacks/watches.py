"""What needs a person: each watch says what it means and what to do first."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from stacks.metrics import FIVE_MINUTES, rule_metric, uploader_metric

# An audience may take no edits for 72 hours before its message is dead-lettered, and that is
# noticed when its longest wait, of 360 times the base delay, is over; an hour for the work itself.
_STUCK_HOURS = 72
_LONGEST_WAIT_PER_BASE = 360
_SLACK_SECONDS = 3600
_INTERVALS_PER_HOUR = 12

_SEE = "See docs/operations.md."


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One thing to be told about: when `metric` is at or above `threshold`."""

    id_: str
    meaning: str
    first: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    # In how many of the last five-minute intervals, and how many are looked at.
    hits: int = 1
    intervals: int = 1

    @property
    def description(self) -> str:
        """What it means and what to do first, as the person reads it in the mail."""
        return f"{self.meaning} First: {self.first} {_SEE}"


def longest_explained_wait(*, settle_seconds: int, base_seconds: float) -> cdk.Duration:
    """Gives the age up to which a waiting message is nothing to worry about."""
    parked = _STUCK_HOURS * 3600 + _LONGEST_WAIT_PER_BASE * base_seconds
    return cdk.Duration.seconds(round(settle_seconds + parked) + _SLACK_SECONDS)


def watch_dead_letters(queue: sqs.IQueue) -> list[Watch]:
    """Gives the watch over files that only a person can help."""
    return [
        Watch(
            id_="DeadLettersWaiting",
            meaning="A file could not be delivered to TikTok, and no waiting will help.",
            first="poll the dead-letter queue and read ErrorReason and ErrorMessage on the "
            "message; mend the cause, then redrive it. It is deleted after 14 days.",
            metric=queue.metric_approximate_number_of_messages_visible(
                statistic="Maximum", period=FIVE_MINUTES
            ),
        )
    ]


def watch_queue(queue: sqs.IQueue, longest_wait: cdk.Duration) -> list[Watch]:
    """Gives the watches over messages that nobody takes, or that wait past explaining.

    SQS leaves messages that were received three times out of the age it reports, so the function
    says itself how old the message is that it parks.
    """
    return [
        Watch(
            id_="OldestMessageTooOld",
            meaning="A file has been waiting for longer than TikTok's processing explains.",
            first="look at 'Waiting' on the dashboard for what it waits for; SQS deletes its "
            "message 14 days after the upload.",
            metric=uploader_metric("ParkedMessageAge", statistic="Maximum"),
            threshold=longest_wait.to_seconds(),
            # Parks come up to three hours apart, and are one and the same trouble.
            intervals=3 * _INTERVALS_PER_HOUR + 1,
        ),
        Watch(
            id_="BacklogNotClearing",
            meaning="For an hour there were always messages ready to be taken: the function takes "
            "none, or fewer than come in.",
            first="see whether the function's SQS trigger is disabled, and how many runs and "
            "throttles the dashboard shows.",
            metric=queue.metric_approximate_number_of_messages_visible(
                statistic="Minimum", period=FIVE_MINUTES
            ),
            hits=_INTERVALS_PER_HOUR,
            intervals=_INTERVALS_PER_HOUR,
        ),
    ]


def watch_rule(rule: events.IRule) -> list[Watch]:
    """Gives the watch over the way from the bucket to the queue."""
    return [
        Watch(
            id_="RuleDeliveriesFailing",
            meaning="EventBridge could not put the news of a new file into the queue.",
            first="read ERROR_CODE and ERROR_MESSAGE on the message in the dead-letter queue; "
            "usually the key's or the queue's policy was changed. Deploy again, then redrive.",
            metric=rule_metric(rule, "FailedInvocations"),
        )
    ]


def watch_function(function: lambda_.IFunction) -> list[Watch]:
    """Gives the watches over the runs of the function: planned outcomes are no errors of it."""
    return [
        Watch(
            id_="FunctionErrors",
            meaning="The function crashed, ran out of time or of memory; its message comes back.",
            first="search the log group for 'Task timed out', 'Runtime' and 'unexpected error'.",
            metric=function.metric_errors(statistic="Sum", period=FIVE_MINUTES),
        ),
        Watch(
            id_="FunctionThrottled",
            meaning="The account had no concurrency left for the function for a quarter of an "
            "hour; files wait.",
            first="compare the account's concurrent executions in this region with its quota.",
            metric=function.metric_throttles(statistic="Sum", period=FIVE_MINUTES),
            hits=3,
            intervals=3,
        ),
    ]


def watch_credentials_and_bugs() -> list[Watch]:
    """Gives the watches over what the function itself reports."""
    return [
        Watch(
            id_="CredentialsRefused",
            meaning="TikTok refuses the token or the advertiser id, or the secret cannot be read "
            "or still holds its placeholders. No file is lost: all of them wait.",
            first="put a valid ACCESS_TOKEN and ADVERTISER_ID into the secret; nothing else is "
            "needed, deliveries go on by themselves within the hour.",
            metric=uploader_metric("CredentialsRefused"),
            # Refusals come up to an hour apart, and are one and the same trouble.
            intervals=_INTERVALS_PER_HOUR + 1,
        ),
        Watch(
            id_="UnexpectedErrors",
            meaning="The function met something it was not made for: a bug.",
            first="find 'unexpected error' in the log group; it names the place. The message is "
            "tried five times, then dead-lettered.",
            metric=uploader_metric("UnexpectedErrors"),
        ),
    ]
