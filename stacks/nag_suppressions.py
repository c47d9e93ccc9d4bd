"""How a finding of cdk-nag is acknowledged: one rule, one construct, one reason."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, *, reason: str) -> None:
    """Take one AwsSolutions finding, such as `S1` or `IAM5[Resource::*]`, off this construct.

    cdk-nag itself is a development dependency: a deploy needs nothing of it.
    """
    finding = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    cdk.Validations.of(construct).acknowledge(finding)


def acknowledge_objects(
    construct: IConstruct, bucket: s3.Bucket, pattern: str, *, reason: str
) -> None:
    """Take the finding IAM5 for the objects of `bucket` under `pattern` off this construct."""
    resource = cast(s3.CfnBucket, bucket.node.default_child)
    name = cdk.Stack.of(bucket).get_logical_id(resource)
    acknowledge(construct, f"IAM5[Resource::<{name}.Arn>/{pattern}]", reason=reason)
