"""The secret, and what is left when the stack is gone."""

import json
from typing import Any

import pytest


def test_secret_holds_the_placeholders_that_must_never_change(stack: Any) -> None:
    secret = stack.the("secret")

    assert secret["Name"] == "tiktok_activation_credentials"
    assert json.loads(secret["SecretString"]) == {
        "ACCESS_TOKEN": "replace-with-your-tiktok-access-token",
        "ADVERTISER_ID": "replace-with-your-tiktok-advertiser-id",
    }
    assert "GenerateSecretString" not in secret


@pytest.mark.parametrize("word", ["secret", "logs"])
def test_what_stays_is_under_no_key_that_goes(stack: Any, word: str) -> None:
    assert "KmsKeyId" not in stack.the(word)


def test_secret_stays_after_a_destroy_but_not_after_a_failed_first_deploy(stack: Any) -> None:
    secret = stack.whole("secret")

    assert secret["DeletionPolicy"] == "RetainExceptOnCreate"
    assert secret["UpdateReplacePolicy"] == "Retain"


def test_a_new_secret_names_the_switch_where_the_cli_reports_its_failure(stack: Any) -> None:
    paths = [construct.node.path for construct in stack.stack.node.find_all()]

    (path,) = [path for path in paths if path.endswith("/Resource") and "/Secret" in path]
    assert "if it exists: deploy with -c reuse_existing_secret=true" in path


def test_a_returning_stack_makes_no_secret_and_names_the_same_one(returning: Any) -> None:
    returning.template.resource_count_is("AWS::SecretsManager::Secret", 0)

    variables = returning.the("function")["Environment"]["Variables"]
    assert variables["SECRET_NAME"] == "tiktok_activation_credentials"
    assert returning.outputs["SecretName"]["Value"] == "tiktok_activation_credentials"


@pytest.mark.parametrize("variant", ["stack", "mailing"])
def test_only_the_secret_and_the_log_group_stay(
    variant: str, request: pytest.FixtureRequest
) -> None:
    resources = request.getfixturevalue(variant).resources()

    staying = {
        word
        for word, resource in resources.items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }

    assert staying == {"secret", "logs"}


def test_nothing_but_bucket_and_secret_has_a_name_that_could_collide(mailing: Any) -> None:
    naming = {"BucketName", "FunctionName", "QueueName", "RoleName", "AlarmName", "TopicName",
              "DashboardName", "LogGroupName", "AliasName", "ArchiveName", "LayerName",
              "Name"}  # fmt: skip
    named = {
        word
        for word, resource in mailing.resources().items()
        if naming & set(resource.get("Properties", {}))
        and not resource["Type"].startswith(("Custom::", "AWS::Lambda::EventSourceMapping"))
    }

    assert named == {"bucket", "secret"}


def test_outputs_are_those_of_the_design(stack: Any) -> None:
    values = {name: output["Value"] for name, output in stack.outputs.items()}

    assert values == {
        "BucketName": "<bucket>",
        "QueueUrl": "<queue>",
        "DeadLetterQueueUrl": "<dead letters>",
        "SecretName": "tiktok_activation_credentials",
        "FunctionName": "<function>",
        "LogGroupName": "<logs>",
        "DashboardName": "<dashboard>",
        "TikTokApiUrl": "https://business-api.tiktok.com",
    }
