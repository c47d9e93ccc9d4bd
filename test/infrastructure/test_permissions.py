"""Who may do what: the function's role statement by statement, the key principal by principal."""

from typing import Any

import pytest

IN_S3_AND_SQS = {
    "StringEquals": {"kms:ViaService": ["s3.<Region>.<URLSuffix>", "sqs.<Region>.<URLSuffix>"]}
}
# Sid -> actions, resources, condition. The whole of it.
ROLE: dict[str, tuple[set[str], set[str], object]] = {
    "ReadData": (
        {"s3:GetObject"},
        {"<bucket.Arn>/tiktok/*", "<bucket.Arn>/receipts/*", "<bucket.Arn>/state/*", "<bucket.Arn>/status/*"},
        None,
    ),
    "WriteRecords": (
        {"s3:PutObject"},
        {"<bucket.Arn>/receipts/*", "<bucket.Arn>/state/*", "<bucket.Arn>/status/*"},
        None,
    ),
    "ForgetRecords": (
        {"s3:DeleteObject"},
        {"<bucket.Arn>/receipts/*", "<bucket.Arn>/state/*"},
        None,
    ),
    "ListData": ({"s3:ListBucket"}, {"<bucket.Arn>"}, None),
    "UseKey": ({"kms:Decrypt", "kms:GenerateDataKey"}, {"<key.Arn>"}, IN_S3_AND_SQS),
    "TakeMessages": (
        {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueAttributes",
        },
        {"<queue.Arn>"},
        None,
    ),
    "AnnounceDrops": ({"sqs:SendMessage"}, {"<queue.Arn>"}, None),
    "DeadLetter": ({"sqs:SendMessage"}, {"<dead letters.Arn>"}, None),
    "ReadCredentials": ({"secretsmanager:GetSecretValue"}, {"<secret.Id>"}, None),
    "WriteLogs": ({"logs:CreateLogStream", "logs:PutLogEvents"}, {"<logs.Arn>"}, None),
}


def as_set(value: str | list[str]) -> set[str]:
    return {value} if isinstance(value, str) else set(value)


def role_statements(stack: Any) -> dict[str, dict[str, Any]]:
    (policy,) = [p for p in stack.all("AWS::IAM::Policy") if p["Roles"] == ["<role>"]]
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


def test_role_has_these_statements_and_no_others(stack: Any) -> None:
    assert set(role_statements(stack)) == set(ROLE)


@pytest.mark.parametrize("sid", ROLE)
def test_role_statement_allows_these_actions_there_and_no_more(stack: Any, sid: str) -> None:
    actions, resources, condition = ROLE[sid]

    statement = role_statements(stack)[sid]

    assert statement["Effect"] == "Allow"
    assert as_set(statement["Action"]) == actions
    assert as_set(statement["Resource"]) == resources
    assert statement.get("Condition") == condition


def test_role_has_no_other_source_of_permissions(stack: Any) -> None:
    role = stack.the("role")

    assert "ManagedPolicyArns" not in role
    assert "Policies" not in role
    stack.template.resource_count_is("AWS::IAM::Policy", 1)


def test_role_is_for_lambda_alone(stack: Any) -> None:
    (statement,) = stack.the("role")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_wildcards_stand_only_for_the_objects_of_a_folder(stack: Any) -> None:
    statements = role_statements(stack).values()
    names = {
        name
        for statement in statements
        for name in as_set(statement["Action"]) | as_set(statement["Resource"])
    }

    assert {name for name in names if "*" in name} == {
        "<bucket.Arn>/tiktok/*",
        "<bucket.Arn>/receipts/*",
        "<bucket.Arn>/state/*",
        "<bucket.Arn>/status/*",
    }


def test_reused_secret_is_named_but_for_its_six_random_characters(returning: Any) -> None:
    statement = role_statements(returning)["ReadCredentials"]

    assert statement["Resource"] == (
        "arn:<Partition>:secretsmanager:<Region>:<AccountId>:"
        "secret:tiktok_activation_credentials-??????"
    )


def key_statements(stack: Any, principal: dict[str, str]) -> list[dict[str, Any]]:
    policy = stack.the("key")["KeyPolicy"]["Statement"]
    return [statement for statement in policy if statement["Principal"] == principal]


ACCOUNT = {"AWS": "arn:<Partition>:iam::<AccountId>:root"}
EVENTBRIDGE = {"Service": "events.amazonaws.com"}


def test_key_lets_in_the_account(stack: Any) -> None:
    (statement,) = key_statements(stack, ACCOUNT)

    assert statement["Action"] == "kms:*"


def test_key_lets_in_eventbridge_whatever_source_it_names(stack: Any) -> None:
    (statement,) = key_statements(stack, EVENTBRIDGE)

    assert as_set(statement["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert "Condition" not in statement


@pytest.mark.parametrize("variant", ["stack", "mailing", "returning", "named", "with_parquet"])
def test_key_lets_in_nobody_else(variant: str, request: pytest.FixtureRequest) -> None:
    synthesised = request.getfixturevalue(variant)

    statements = synthesised.the("key")["KeyPolicy"]["Statement"]

    assert [s["Principal"] for s in statements] == [ACCOUNT, EVENTBRIDGE]
    assert {s["Effect"] for s in statements} == {"Allow"}
