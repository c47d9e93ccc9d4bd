"""How a drop gets in: the data bucket, the rule, the queue, the dead-letter queue, their key."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.data_bucket import DataBucket

# SQS deletes a message after this without a word; the function gives up a day earlier.
_MESSAGE_LIFE = cdk.Duration.days(14)
# Every park is a receive, so the function does the counting: this is only the last net.
_MAX_RECEIVES = 1000


class Intake(Construct):
    """An object written under `tiktok/` becomes a message in the queue, `settle` later.

    One key is behind bucket, queue and dead-letter queue: EventBridge can deliver to a queue
    under another key only if that key lets it, and loses events silently if not.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        retention_days: int,
        settle: cdk.Duration,
        visibility: cdk.Duration,
    ) -> None:
        super().__init__(scope, id_)
        self.key = self._create_key()
        self.bucket: s3.Bucket = DataBucket(
            self, "Data", bucket_name=bucket_name, retention_days=retention_days, key=self.key
        ).bucket
        self.dead_letter_queue = self._create_queue("DeadLetters")
        self.queue = self._create_queue(
            "Queue",
            delivery_delay=settle,
            visibility_timeout=visibility,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letter_queue, max_receive_count=_MAX_RECEIVES
            ),
        )
        self.rule = self._create_rule()

    def let_in(self, role: iam.IRole) -> None:
        """Lets a role use the key, for what is in the bucket and the queues only."""
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="TheFunction",
                principals=[iam.ArnPrincipal(role.role_arn)],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],  # in a key policy: this key
                conditions=self.key_conditions,
            )
        )

    @property
    def key_conditions(self) -> dict[str, object]:
        """The condition that the key is used through S3 or SQS of this region."""
        region = cdk.Stack.of(self).region
        services = [f"{name}.{region}.amazonaws.com" for name in ("s3", "sqs")]
        return {"StringEquals": {"kms:ViaService": services}}

    def _create_key(self) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            description="TikTok audience uploader: drops, receipts and messages",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            pending_window=cdk.Duration.days(7),
        )

    def _create_queue(
        self,
        id_: str,
        *,
        delivery_delay: cdk.Duration | None = None,
        visibility_timeout: cdk.Duration | None = None,
        dead_letter_queue: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            id_,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self.key,
            enforce_ssl=True,
            retention_period=_MESSAGE_LIFE,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            delivery_delay=delivery_delay,
            visibility_timeout=visibility_timeout,
            dead_letter_queue=dead_letter_queue,
        )

    def _create_rule(self) -> events.Rule:
        return events.Rule(
            self,
            "DropRule",
            description="An object was written under tiktok/ in the data bucket",
            # Markers and empty objects are skipped by the function: a pattern cannot say both
            # "under this prefix" and "without that suffix" of one key.
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self.bucket.bucket_name]},
                    "object": {"key": [{"prefix": "tiktok/"}]},
                },
            ),
            targets=[targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letter_queue)],
        )
