"""The alarms: what each watches, that it says what to do, and who hears of it."""

from typing import Any

import pytest

OWN = [{"Name": "service", "Value": "audience-uploader"}]
RULE = [{"Name": "RuleName", "Value": "<rule>"}]
Key = tuple[str, str, str, str]
# Namespace, metric, statistic and what it is about -> threshold, hits of intervals, seconds of one.
ALARMS: dict[Key, tuple[float, tuple[int, int], int]] = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", "<dead letters.QueueName>"): (
        1, (1, 1), 300),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Minimum", "<queue.QueueName>"): (
        1, (12, 12), 300),
    ("AWS/Events", "FailedInvocations", "Sum", "<rule>"): (1, (1, 1), 300),
    ("AWS/Events", "InvocationsFailedToBeSentToDlq", "Sum", "<rule>"): (1, (1, 1), 300),
    ("AWS/Events", "FailedInvocations", "Sum", "<sweep rule>"): (1, (1, 1), 300),
    ("AWS/Lambda", "Errors", "Sum", "<function>"): (1, (1, 1), 300),
    ("AWS/Lambda", "Throttles", "Sum", "<function>"): (1, (3, 3), 300),
    ("TikTokAudienceUploader", "ParkedMessageAge", "Maximum", "audience-uploader"): (
        273_660, (1, 37), 300),
    ("TikTokAudienceUploader", "CredentialsRefused", "Sum", "audience-uploader"): (
        1, (1, 13), 300),
    ("TikTokAudienceUploader", "UnexpectedErrors", "Sum", "audience-uploader"): (1, (1, 1), 300),
    ("TikTokAudienceUploader", "OutcomeFailed", "Sum", "audience-uploader"): (1, (1, 1), 300),
    ("TikTokAudienceUploader", "OutcomeUnclear", "Sum", "audience-uploader"): (1, (1, 1), 300),
    ("TikTokAudienceUploader", "AudienceTooSmall", "Sum", "audience-uploader"): (1, (1, 1), 300),
    ("TikTokAudienceUploader", "AudienceExpiring", "Sum", "audience-uploader"): (
        1, (1, 25), 3600),
    ("TikTokAudienceUploader", "DropsFoundBySweep", "Sum", "audience-uploader"): (
        1, (1, 13), 300),
    ("TikTokAudienceUploader", "SweepUnfinished", "Sum", "audience-uploader"): (1, (2, 3), 3600),
}  # fmt: skip


def alarms(stack: Any) -> dict[Key, dict[str, Any]]:
    found = stack.all("AWS::CloudWatch::Alarm")
    return {
        (a["Namespace"], a["MetricName"], a["Statistic"], a["Dimensions"][0]["Value"]): a
        for a in found
    }


def own(stack: Any, metric: str) -> dict[str, Any]:
    """Return the one alarm on a metric of the function itself."""
    (alarm,) = [a for a in stack.all("AWS::CloudWatch::Alarm") if a["MetricName"] == metric]
    found: dict[str, Any] = alarm
    return found


def test_these_things_are_watched_and_no_others(stack: Any) -> None:
    assert set(alarms(stack)) == set(ALARMS)
    assert len(stack.all("AWS::CloudWatch::Alarm")) == len(ALARMS)


@pytest.mark.parametrize("metric", ALARMS, ids=lambda metric: " ".join(metric))
def test_alarm_watches_its_metric_at_its_threshold(stack: Any, metric: Key) -> None:
    threshold, (hits, intervals), period = ALARMS[metric]

    alarm = alarms(stack)[metric]

    assert len(alarm["Dimensions"]) == 1
    assert alarm["Threshold"] == threshold
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (hits, intervals)
    assert alarm["Period"] == period
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("metric", ALARMS, ids=lambda metric: " ".join(metric))
def test_alarm_says_what_it_means_and_what_to_do_first(stack: Any, metric: Key) -> None:
    description = alarms(stack)[metric]["AlarmDescription"]

    meaning, _, first = description.partition(" First: ")
    assert len(meaning) > 40
    assert len(first) > 40
    assert len(description) <= 1024


@pytest.mark.parametrize(
    ("settle", "base", "sweep", "hours", "waits", "refusals", "found"),
    [
        ("0", "0.1", "0", 73.01, 2, 2, 13),
        ("60", "30", "60", 76.02, 37, 13, 13),
        ("900", "120", "1440", 85.25, 145, 49, 288),
    ],
)
def test_windows_follow_the_base_delay_and_the_sweep(
    synthesise: Any, settle: str, base: str, sweep: str, hours: float, waits: int, refusals: int,
    found: int,
) -> None:  # fmt: skip
    stack = synthesise(settle_seconds=settle, retry_base_delay_seconds=base, sweep_minutes=sweep)

    oldest = own(stack, "ParkedMessageAge")
    assert oldest["Threshold"] / 3600 == pytest.approx(hours, abs=0.01)
    assert oldest["EvaluationPeriods"] == waits
    assert own(stack, "CredentialsRefused")["EvaluationPeriods"] == refusals
    assert own(stack, "DropsFoundBySweep")["EvaluationPeriods"] == found
    assert own(stack, "SweepUnfinished")["Period"] == (int(sweep) or 60) * 60
    for alarm in stack.all("AWS::CloudWatch::Alarm"):
        looked_back = alarm["Period"] * alarm["EvaluationPeriods"]
        assert looked_back <= (7 * 86_400 if alarm["Period"] >= 3600 else 86_400)


def test_no_schedule_is_watched_where_there_is_none(synthesise: Any) -> None:
    stack = synthesise(settle_seconds="0", retry_base_delay_seconds="0.1", sweep_minutes="0")

    assert len(alarms(stack)) == len(ALARMS) - 1


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
