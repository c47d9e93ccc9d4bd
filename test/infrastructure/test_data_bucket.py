"""The data bucket: closed, encrypted, speaking to EventBridge, and gone with the stack."""

from typing import Any

import pytest
from aws_cdk.assertions import Annotations, Match


def test_bucket_has_the_name_of_the_settings(stack: Any) -> None:
    assert stack.the("bucket")["BucketName"] == "example-corp-tiktok-audiences"


def test_bucket_is_encrypted_with_the_stacks_rotating_key(stack: Any) -> None:
    (rule,) = stack.the("bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"] == {
        "KMSMasterKeyID": "<key.Arn>",
        "SSEAlgorithm": "aws:kms",
    }
    assert stack.the("key")["EnableKeyRotation"] is True


def test_bucket_is_closed_to_the_public(stack: Any) -> None:
    bucket = stack.the("bucket")

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize(
    "condition",
    [{"Bool": {"aws:SecureTransport": "false"}}, {"NumericLessThan": {"s3:TlsVersion": 1.2}}],
    ids=["no TLS", "old TLS"],
)
def test_bucket_denies_what_is_not_sent_over_tls(stack: Any, condition: dict[str, object]) -> None:
    (policy,) = stack.all("AWS::S3::BucketPolicy")

    denied = [s for s in policy["PolicyDocument"]["Statement"] if s.get("Condition") == condition]

    assert [(s["Effect"], s["Action"], s["Resource"]) for s in denied] == [
        ("Deny", "s3:*", ["<bucket.Arn>", "<bucket.Arn>/*"])
    ]


def test_bucket_lets_in_nobody_but_what_empties_it(stack: Any) -> None:
    (policy,) = stack.all("AWS::S3::BucketPolicy")

    allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]

    assert [s["Principal"] for s in allowed] == [{"AWS": "<emptying role.Arn>"}]


def test_bucket_speaks_to_eventbridge_without_a_helper(stack: Any) -> None:
    assert stack.the("bucket")["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    stack.template.resource_count_is("Custom::S3BucketNotifications", 0)


def lifecycle(synthesised: Any) -> dict[str, Any]:
    rules = synthesised.the("bucket")["LifecycleConfiguration"]["Rules"]
    return {rule.get("Prefix", ""): rule for rule in rules}


def test_drops_expire_and_receipts_a_week_later(synthesise: Any) -> None:
    rules = lifecycle(synthesise(data_retention_days="20"))

    days = {prefix: rule.get("ExpirationInDays") for prefix, rule in rules.items()}
    assert days == {"": None, "tiktok/": 20, "receipts/": 27, "state/waiting/": 27}


def test_nothing_expires_at_a_retention_of_zero(synthesise: Any) -> None:
    assert set(lifecycle(synthesise(data_retention_days="0"))) == {""}


@pytest.mark.parametrize("days", ["30", "0"])
def test_abandoned_uploads_go_after_a_day_everywhere(synthesise: Any, days: str) -> None:
    rule = lifecycle(synthesise(data_retention_days=days))[""]

    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["Status"] == "Enabled"


@pytest.mark.parametrize(("days", "warnings"), [("13", 1), ("14", 0), ("30", 0), ("0", 0)])
def test_a_retention_shorter_than_the_longest_wait_is_warned_of(
    synthesise: Any, days: str, warnings: int
) -> None:
    found = Annotations.from_stack(synthesise(data_retention_days=days).stack).find_warning(
        "*", Match.string_like_regexp("expires undelivered")
    )

    assert len(found) == warnings


def test_bucket_is_emptied_and_deleted_with_the_stack(stack: Any) -> None:
    assert stack.whole("bucket")["DeletionPolicy"] == "Delete"
    assert stack.all("Custom::S3AutoDeleteObjects") == [
        {"ServiceToken": "<emptying function.Arn>", "BucketName": "<bucket>"}
    ]


@pytest.mark.parametrize(
    "type_", ["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Custom::S3AutoDeleteObjects"]
)
def test_a_renamed_bucket_leaves_the_old_one_and_its_data_alone(stack: Any, type_: str) -> None:
    stack.template.has_resource(
        type_, {"UpdateReplacePolicy": "Retain", "DeletionPolicy": "Delete"}
    )
