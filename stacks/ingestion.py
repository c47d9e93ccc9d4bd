"""How a drop gets in: the data bucket, the rules, their archive, the queues, and the key."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.data_bucket import DataBucket
from stacks.event_rules import (
    archive_drop_events,
    create_drop_rule,
    create_sweep_rule,
    drop_pattern,
)

# SQS deletes a message after this without a word; the function gives up a day earlier.
_MESSAGE_LIFE = cdk.Duration.days(14)
# Every retry is a receive, so the function does the counting: this is only the last net.
_MAX_RECEIVES = 1000


class Ingestion(Construct):
    """An object written under `tiktok/` becomes a message in the queue, `settle` later.

    So does every sweep, `sweep_minutes` apart (0 = never). One key is behind bucket and queue;
    the dead-letter queue is under SQS's own, so that it takes an event when the key is broken.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        retention_days: int,
        sweep_minutes: int,
        settle: cdk.Duration,
        visibility: cdk.Duration,
    ) -> None:
        super().__init__(scope, id_)
        self.key = self._create_key()
        self.bucket: s3.Bucket = DataBucket(
            self, "Data", bucket_name=bucket_name, retention_days=retention_days, key=self.key
        ).bucket
        self.dead_letter_queue = self._create_dead_letter_queue()
        self.queue = self._create_queue(settle, visibility)
        pattern = drop_pattern(self.bucket.bucket_name)
        self.rule = create_drop_rule(self, pattern, self.queue, self.dead_letter_queue)
        self.sweep_rule = (
            create_sweep_rule(self, self.queue, minutes=sweep_minutes) if sweep_minutes else None
        )
        archive_drop_events(self, pattern, days=retention_days)
        self._let_eventbridge_send()

    @property
    def key_conditions(self) -> dict[str, object]:
        """The condition that the key is used through S3 or SQS of this region."""
        stack = cdk.Stack.of(self)
        services = [f"{name}.{stack.region}.{stack.url_suffix}" for name in ("s3", "sqs")]
        return {"StringEquals": {"kms:ViaService": services}}

    def _create_key(self) -> kms.Key:
        key = kms.Key(
            self,
            "Key",
            description="TikTok audience uploader: drops, receipts and messages",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            pending_window=cdk.Duration.days(7),
        )
        # Without a condition on the source, which EventBridge is not known to send to KMS for
        # every target; whose events may come in is decided by the queue's policy. No role is
        # named: the account's statement lets the function's own policy count, and a role that
        # was made seconds ago can be refused in a key policy.
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Events",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],  # in a key policy: this key
            )
        )
        return key

    def _create_dead_letter_queue(self) -> sqs.Queue:
        return sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=_MESSAGE_LIFE,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )

    def _create_queue(self, settle: cdk.Duration, visibility: cdk.Duration) -> sqs.Queue:
        return sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self.key,
            enforce_ssl=True,
            retention_period=_MESSAGE_LIFE,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            delivery_delay=settle,
            visibility_timeout=visibility,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letter_queue, max_receive_count=_MAX_RECEIVES
            ),
        )

    def _let_eventbridge_send(self) -> None:
        """Let this account's rules write to the queue, and the drop rule to the dead letters."""
        self._allow_sending(
            self.queue, {"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}}
        )
        self._allow_sending(
            self.dead_letter_queue, {"ArnEquals": {"aws:SourceArn": self.rule.rule_arn}}
        )

    def _allow_sending(self, queue: sqs.Queue, conditions: Mapping[str, object]) -> None:
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Events",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions=conditions,
            )
        )
