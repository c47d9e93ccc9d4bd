"""What EventBridge does for the stack: new drops and sweeps into the queue, events into an archive.

The functions make their resources in the scope that they are given.
"""

from typing import cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct


@jsii.implements(events.IRuleTarget)
class QueueTarget:
    """A queue that gets a rule's events as they are; what cannot be sent goes to the other queue.

    Not CDK's own target, which adds a condition on the source to the policy of the queue's key.
    """

    def __init__(self, queue: sqs.IQueue, *, dead_letters: sqs.IQueue | None = None) -> None:
        self._queue = queue
        self._dead_letters = dead_letters

    def bind(self, rule: events.IRule, id_: str | None = None) -> events.RuleTargetConfig:  # noqa: ARG002
        """Return the target as the rule has it; the queues' policies are their owner's."""
        failed = (
            events.CfnRule.DeadLetterConfigProperty(arn=self._dead_letters.queue_arn)
            if self._dead_letters
            else None
        )
        return events.RuleTargetConfig(arn=self._queue.queue_arn, dead_letter_config=failed)


def drop_pattern(bucket_name: str) -> events.EventPattern:
    """Match new objects under `tiktok/` only: receipts and status are written there too.

    Markers and empty objects are skipped by the function: a pattern cannot say both "under this
    prefix" and "without that suffix" of one key.
    """
    return events.EventPattern(
        source=["aws.s3"],
        detail_type=["Object Created"],
        detail={"bucket": {"name": [bucket_name]}, "object": {"key": [{"prefix": "tiktok/"}]}},
    )


def create_drop_rule(
    scope: Construct, pattern: events.EventPattern, queue: sqs.IQueue, dead_letters: sqs.IQueue
) -> events.Rule:
    """Send the event of every new drop into the queue."""
    return events.Rule(
        scope,
        "DropRule",
        description="An object was written under tiktok/ in the data bucket",
        event_pattern=pattern,
        targets=[_as_target(QueueTarget(queue, dead_letters=dead_letters))],
    )


def create_sweep_rule(scope: Construct, queue: sqs.IQueue, *, minutes: int) -> events.Rule:
    """Send a "Scheduled Event" into the queue every so often.

    Without a dead-letter queue: the next sweep makes up for one that was lost.
    """
    return events.Rule(
        scope,
        "SweepRule",
        description="Time to look for drops without a message, and for outcomes at TikTok",
        schedule=events.Schedule.rate(cdk.Duration.minutes(minutes)),
        targets=[_as_target(QueueTarget(queue))],
    )


def archive_drop_events(scope: Construct, pattern: events.EventPattern, *, days: int) -> None:
    """Keep the events for a replay, as long as the drops themselves; 0 keeps them for good."""
    archive = events.Archive(
        scope,
        "Archive",
        description="New drops of the TikTok audience uploader, for a replay",
        source_event_bus=events.EventBus.from_event_bus_name(scope, "Bus", "default"),
        event_pattern=pattern,
        retention=cdk.Duration.days(days),
    )
    resource = cast(events.CfnArchive, archive.node.default_child)
    resource.cfn_options.condition = _true_on_aws(scope)
    resource.add_property_deletion_override("KmsKeyIdentifier")  # CDK writes an empty one


def _true_on_aws(scope: Construct) -> cdk.CfnCondition:
    """Return a condition that holds on AWS alone: it says that the account is the account.

    The local emulator refuses a whole template for one type that it does not know, unless a
    condition keeps that resource out; and it does not evaluate the function in this one.
    """
    same = cdk.Fn.condition_equals(cdk.Aws.ACCOUNT_ID, cdk.Fn.sub("${AWS::AccountId}"))
    return cdk.CfnCondition(scope, "OnAws", expression=same)


def _as_target(target: QueueTarget) -> events.IRuleTarget:
    return cast(events.IRuleTarget, target)
