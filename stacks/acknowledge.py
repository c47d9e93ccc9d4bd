"""How a finding of cdk-nag is acknowledged: one rule, one construct, one reason."""

import aws_cdk as cdk
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, *, reason: str) -> None:
    """Takes one AwsSolutions finding, such as `S1` or `IAM5[Resource::*]`, off this construct.

    cdk-nag itself is a development dependency: a deploy needs nothing of it.
    """
    finding = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    cdk.Validations.of(construct).acknowledge(finding)
