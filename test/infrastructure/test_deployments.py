"""Several deployments in one account: names of their own, and the first one's as they were."""

import json
from typing import Any

import pytest


def test_first_deployment_keeps_its_names(stack: Any) -> None:
    variables = stack.the("function")["Environment"]["Variables"]

    assert stack.the("secret")["Name"] == "tiktok_activation_credentials"
    assert variables["SECRET_NAME"] == "tiktok_activation_credentials"
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "TikTokAudienceUploader"
    assert variables["POWERTOOLS_SERVICE_NAME"] == "audience-uploader"


def test_another_deployment_has_a_secret_of_its_own(named: Any) -> None:
    name = "tiktok_activation_credentials_agency-2"

    assert named.the("secret")["Name"] == name
    assert named.the("function")["Environment"]["Variables"]["SECRET_NAME"] == name
    assert named.outputs["SecretName"]["Value"] == name


def test_another_deployment_finds_its_own_secret_again(synthesise: Any) -> None:
    stack = synthesise(deployment_name="agency-2", reuse_existing_secret="true")

    (policy,) = [p for p in stack.all("AWS::IAM::Policy") if p["Roles"] == ["<role>"]]
    (statement,) = [
        s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] == "ReadCredentials"
    ]
    assert statement["Resource"].endswith("secret:tiktok_activation_credentials_agency-2-??????")


def test_metrics_alarms_and_dashboard_of_another_deployment_are_its_own(
    named: Any,
) -> None:
    namespace = "TikTokAudienceUploader-agency-2"
    variables = named.the("function")["Environment"]["Variables"]
    seen = {a["Namespace"] for a in named.all("AWS::CloudWatch::Alarm")}
    body = json.loads(named.the("dashboard")["DashboardBody"])
    metrics = [m for w in body["widgets"] for m in w["properties"].get("metrics", [])]
    shown = {m[0] for m in metrics if isinstance(m[0], str)}
    (search,) = [m[0]["expression"] for m in metrics if isinstance(m[0], dict)]

    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == namespace
    assert {name for name in seen if not name.startswith("AWS/")} == {namespace}
    assert {name for name in shown if not name.startswith("AWS/")} == {namespace}
    assert f'{{"{namespace}",service,error}}' in search


@pytest.mark.parametrize("type_", ["AWS::CloudWatch::Alarm", "AWS::Events::Rule"])
def test_nothing_that_is_watched_by_name_has_a_fixed_one(named: Any, type_: str) -> None:
    assert [r for r in named.all(type_) if {"Name", "AlarmName"} & set(r)] == []


def test_resources_of_another_deployment_are_those_of_the_first(mailing: Any, named: Any) -> None:
    assert set(named.resources()) == set(mailing.resources())
