"""The alarms: what each watches, that it says what to do, and who hears of it."""

from typing import Any

import pytest

OWN = [{"Name": "service", "Value": "audience-uploader"}]
# Metric -> dimensions, threshold, hits of intervals of five minutes.
ALARMS: dict[tuple[str, str, str], tuple[list[dict[str, str]], float, tuple[int, int]]] = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"): (
        [{"Name": "QueueName", "Value": "<dead letters.QueueName>"}], 1, (1, 1)),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Minimum"): (
        [{"Name": "QueueName", "Value": "<queue.QueueName>"}], 1, (12, 12)),
    ("TikTokAudienceUploader", "ParkedMessageAge", "Maximum"): (OWN, 273_660, (1, 37)),
    ("AWS/Events", "FailedInvocations", "Sum"): (
        [{"Name": "RuleName", "Value": "<rule>"}], 1, (1, 1)),
    ("AWS/Lambda", "Errors", "Sum"): (
        [{"Name": "FunctionName", "Value": "<function>"}], 1, (1, 1)),
    ("AWS/Lambda", "Throttles", "Sum"): (
        [{"Name": "FunctionName", "Value": "<function>"}], 1, (3, 3)),
    ("TikTokAudienceUploader", "CredentialsRefused", "Sum"): (OWN, 1, (1, 13)),
    ("TikTokAudienceUploader", "UnexpectedErrors", "Sum"): (OWN, 1, (1, 1)),
}  # fmt: skip


def alarms(stack: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    found = stack.all("AWS::CloudWatch::Alarm")
    return {(a["Namespace"], a["MetricName"], a["Statistic"]): a for a in found}


def test_these_things_are_watched_and_no_others(stack: Any) -> None:
    assert set(alarms(stack)) == set(ALARMS)


@pytest.mark.parametrize("metric", ALARMS, ids=lambda metric: " ".join(metric))
def test_alarm_watches_its_metric_at_its_threshold(
    stack: Any, metric: tuple[str, str, str]
) -> None:
    dimensions, threshold, (hits, intervals) = ALARMS[metric]

    alarm = alarms(stack)[metric]

    assert alarm["Dimensions"] == dimensions
    assert alarm["Threshold"] == threshold
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (hits, intervals)
    assert alarm["Period"] == 300
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("metric", ALARMS, ids=lambda metric: " ".join(metric))
def test_alarm_says_what_it_means_and_what_to_do_first(
    stack: Any, metric: tuple[str, str, str]
) -> None:
    description = alarms(stack)[metric]["AlarmDescription"]

    meaning, _, first = description.partition(" First: ")
    assert len(meaning) > 40
    assert len(first) > 40
    assert len(description) <= 1024


@pytest.mark.parametrize(
    ("settle", "base", "hours"), [("0", "0.1", 73.01), ("60", "30", 76.02), ("900", "120", 85.25)]
)
def test_the_oldest_message_may_be_as_old_as_parking_explains(
    synthesise: Any, settle: str, base: str, hours: float
) -> None:
    stack = synthesise(settle_seconds=settle, retry_base_delay_seconds=base)

    alarm = alarms(stack)["TikTokAudienceUploader", "ParkedMessageAge", "Maximum"]

    assert alarm["Threshold"] / 3600 == pytest.approx(hours, abs=0.01)


def test_nobody_is_mailed_without_an_address(stack: Any) -> None:
    stack.template.resource_count_is("AWS::SNS::Topic", 0)

    assert [alarm for alarm in alarms(stack).values() if "AlarmActions" in alarm] == []


def test_every_alarm_is_mailed_to_the_address(mailing: Any) -> None:
    (subscription,) = mailing.all("AWS::SNS::Subscription")

    assert subscription["Protocol"] == "email"
    assert subscription["Endpoint"] == "audiences-team@example.com"
    assert subscription["TopicArn"] == "<topic>"
    assert [a["AlarmActions"] for a in alarms(mailing).values()] == [["<topic>"]] * len(ALARMS)


def test_topic_is_encrypted_with_a_key_that_cloudwatch_may_use(mailing: Any) -> None:
    policy = mailing.the("alarm key")["KeyPolicy"]["Statement"]

    assert mailing.the("topic")["KmsMasterKeyId"] == "<alarm key.Arn>"
    (alarms_,) = [s for s in policy if s["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
    assert alarms_["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert len(policy) == 2


def test_topic_takes_alarms_of_this_account_alone_and_over_tls(mailing: Any) -> None:
    (policy,) = mailing.all("AWS::SNS::TopicPolicy")
    by_effect = {s["Effect"]: s for s in policy["PolicyDocument"]["Statement"]}

    assert by_effect["Allow"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert by_effect["Allow"]["Action"] == "sns:Publish"
    assert by_effect["Allow"]["Condition"] == {"StringEquals": {"aws:SourceAccount": "<AccountId>"}}
    assert by_effect["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
