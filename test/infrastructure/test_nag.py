"""cdk-nag's AwsSolutions rules: no finding that is not acknowledged one by one with a reason."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks

from stacks.settings import Settings
from stacks.uploader_stack import UploaderStack

CONTEXTS = [
    {},
    {"alarm_email": "audiences-team@example.com", "deployment_name": "agency-2"},
    {"reuse_existing_secret": "true", "parquet_support": "true", "function_architecture": "x86_64"},
]
PREFIX = "AwsSolutions::AwsSolutions-"
ACKNOWLEDGED = {
    "S1": "Intake/Data/Bucket",
    "SMG4": "Credentials/Secret",
    "IAM5[Resource::<Bucket.Arn>/tiktok/*]": "Uploader/Role",
    "IAM5[Resource::<Bucket.Arn>/receipts/*]": "Uploader/Role",
    "IAM5[Resource::<Bucket.Arn>/state/*]": "Uploader/Role",
    "IAM5[Resource::<Bucket.Arn>/status/*]": "Uploader/Role",
}


@pytest.fixture
def app(app_with: Any, request: pytest.FixtureRequest) -> cdk.App:
    app: cdk.App = app_with(**getattr(request, "param", {}))
    UploaderStack(app, "T", settings=Settings.from_context(app.node))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks())
    return app


@pytest.mark.parametrize("app", CONTEXTS, ids=["plain", "mailing", "returning"], indirect=True)
def test_stack_leaves_no_finding_unacknowledged(app: cdk.App) -> None:
    app.synth()


def test_a_careless_queue_would_be_found(app: cdk.App) -> None:
    sqs.Queue(app.node.find_child("T"), "Careless")  # type: ignore[arg-type]

    with pytest.raises(RuntimeError, match="AwsSolutions-SQS4"):
        app.synth()


def acknowledgements(app: cdk.App) -> dict[str, tuple[str, str]]:
    """Return path and reason of every acknowledgement in the tree, by the rule's short id."""
    key = cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY
    return {
        rule.removeprefix(PREFIX): (construct.node.path.removeprefix("T/"), reason)
        for construct in app.node.find_all()
        for entry in construct.node.metadata
        if entry.type == key
        for rule, reason in as_pairs(entry.data)
    }


def as_pairs(data: Any) -> list[tuple[str, str]]:
    return [(str(rule), str(reason)) for rule, reason in dict(data).items()]


def test_acknowledgements_are_these_and_each_has_a_reason(app: cdk.App) -> None:
    found = acknowledgements(app)

    assert {without_hash(rule) for rule in found} == set(ACKNOWLEDGED)
    for rule, (path, reason) in found.items():
        assert path.startswith(ACKNOWLEDGED[without_hash(rule)])
        assert len(reason) > 80


def without_hash(rule: str) -> str:
    """Return the rule with the bucket as a word, since its logical id ends in a hash."""
    head, arrow, tail = rule.partition("<IntakeDataBucket")
    return f"{head}<Bucket.Arn>{tail.partition('.Arn>')[2]}" if arrow else rule
