"""The data bucket: drops come in, receipts and the audiences' state stay beside them."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.nag_suppressions import acknowledge

# The receipt is the answer to "what became of my file?", so it outlives the file.
_RECEIPT_DAYS_BEYOND_DROP = 7
# A message may wait this long, and cannot deliver a drop that has expired meanwhile.
_LONGEST_WAIT_DAYS = 14


class DataBucket(Construct):
    """A private bucket under the given key, emptied and deleted with the stack.

    Drops expire after `retention_days`, their receipts a week later; 0 keeps both.
    """

    def __init__(
        self, scope: Construct, id_: str, *, bucket_name: str, retention_days: int, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=bucket_name,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=_lifecycle(retention_days),
            removal_policy=cdk.RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        self._send_events()
        self._keep_data_when_renamed()
        self._warn_of_short_retention(retention_days)
        acknowledge(
            self.bucket,
            "S1",
            reason="Object-level access is audited by CloudTrail data events where it is needed. "
            "An access-log bucket in this stack is still being written to after the data bucket "
            "is gone, and then `cdk destroy` fails and leaves it behind.",
        )

    def _send_events(self) -> None:
        """By the L1 property: the L2's flag would add a helper Lambda and its role."""
        resource = cast(s3.CfnBucket, self.bucket.node.default_child)
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )

    def _keep_data_when_renamed(self) -> None:
        """Another bucket name is another bucket: the old one and all in it is left alone.

        Without this CloudFormation would have the old one emptied and deleted, waiting drops too.
        """
        for part in self.bucket.node.find_all():
            if isinstance(part, cdk.CfnResource):
                part.cfn_options.deletion_policy = cdk.CfnDeletionPolicy.DELETE
                part.cfn_options.update_replace_policy = cdk.CfnDeletionPolicy.RETAIN

    def _warn_of_short_retention(self, retention_days: int) -> None:
        if 0 < retention_days < _LONGEST_WAIT_DAYS:
            cdk.Annotations.of(self).add_warning_v2(
                "uploader:data_retention_days",
                f"data_retention_days is {retention_days}: a drop that has to wait longer than "
                f"that for TikTok (up to {_LONGEST_WAIT_DAYS} days) expires undelivered",
            )


def _lifecycle(retention_days: int) -> list[s3.LifecycleRule]:
    rules = [
        s3.LifecycleRule(
            id="AbandonedUploads", abort_incomplete_multipart_upload_after=cdk.Duration.days(1)
        )
    ]
    if retention_days:
        receipt_days = retention_days + _RECEIPT_DAYS_BEYOND_DROP
        rules.append(_expiry("Drops", "tiktok/", retention_days))
        rules.append(_expiry("Receipts", "receipts/", receipt_days))
        # What the function noted about drops that had to wait; the rest of state/ is memory.
        rules.append(_expiry("WaitingNotes", "state/waiting/", receipt_days))
    return rules


def _expiry(id_: str, prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(id=id_, prefix=prefix, expiration=cdk.Duration.days(days))
